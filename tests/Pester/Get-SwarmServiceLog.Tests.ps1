BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $swarm = New-TestSwarm
    $null = $swarm | New-SwarmService -Name pester-talk -Image lab/busybox:latest -NoResolveImage -ArgumentList sh, -c, 'echo hello; echo oh >&2; while sleep 1; do echo tick; done' -StableSeconds 0
}

Describe 'Get-SwarmServiceLog' {
    It 'shows a line an entry' {
        $text = $swarm | Get-SwarmServiceLog -Name pester-talk | Out-String -Width 80
        $text | Should -Match '(?m)^\d\d:\d\d:\d\d\.\d{3} \S+ pester-talk\.1 out hello'
        $text | Should -Match '(?m) err oh'
    }

    It 'is seen as it is written with -Follow' {
        $begin = [datetime]::UtcNow
        $seen = $swarm | Get-SwarmServiceLog -Name pester-talk -Tail 0 -Follow | Select-Object -First 3
        $seen.Message | Should -Be 'tick', 'tick', 'tick'
        $seen | ForEach-Object { $_.Time.ToUniversalTime() | Should -BeGreaterThan $begin }
    }
}

Describe 'Get-SwarmService' {
    It 'shows region and image in a table of 80 columns' {
        $swarm | Get-SwarmService -Name pester-talk | Out-String -Width 80 | Should -Match 'pester-talk\s+Replicated\s+1/1\s+\S+\s+lab/busybox:latest'
    }

    It 'shows an export in the same table' {
        $path = Join-Path $TestDrive services.xml
        $swarm | Get-SwarmService | Export-Clixml $path
        Import-Clixml $path | Out-String -Width 80 | Should -Match 'pester-talk\s+Replicated\s+1/1\s+\S+\s+lab/busybox:latest'
    }

    It 'says with -WhatIf what would change' {
        Get-HostText { $swarm | Update-SwarmService -Name pester-talk -Replicas 2 -WhatIf } | Should -Match 'What if: .*Mode: Replicated \(Replicas 1\) -> Replicated \(Replicas 2\)'
        ($swarm | Get-SwarmService -Name pester-talk).DesiredCount | Should -Be 1
    }
}
