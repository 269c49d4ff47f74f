BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $swarm = New-TestSwarm
}

Describe 'New-SwarmSecret' {
    It 'makes one once, and gives the same object again' {
        $first = $swarm | New-SwarmSecret -Name pester-a -Generate
        $again = $swarm | New-SwarmSecret -Name pester-a -Generate
        $first | Should -BeOfType ([SwarmOps.SwarmSecret])
        $again.Id | Should -Be $first.Id
        @($swarm | Get-SwarmSecret -Name pester-a -AllVersions) | Should -HaveCount 1
    }

    It 'is drawn as a table' {
        $swarm | Get-SwarmSecret -Name pester-a | Out-String -Width 120 | Should -Match 'pester-a\s+1\s+\d{4}-\d\d-\d\d'
    }

    It 'survives Export-Clixml' {
        $path = Join-Path $TestDrive 'secret.xml'
        $swarm | Get-SwarmSecret -Name pester-a | Export-Clixml -Path $path
        (Import-Clixml -Path $path).Name | Should -Be 'pester-a'
    }

    It 'changes nothing with -WhatIf' {
        Get-HostText { $swarm | New-SwarmSecret -Name pester-b -WhatIf | Should -BeNullOrEmpty } | Should -Match "What if: .*pester-b"
        { $swarm | Get-SwarmSecret -Name pester-b -ErrorAction Stop } | Should -Throw -ErrorId 'StoredNotFound,SwarmOps.Services.Stored.GetSwarmSecretCommand'
    }
}

Describe 'New-SwarmConfig' {
    It 'takes a file and refuses other content' {
        $path = Join-Path $TestDrive 'a.conf'
        'hello' | Set-Content -Path $path -NoNewline
        ($swarm | New-SwarmConfig -Name pester-c -Path $path).Content | Should -Be 'hello'
        { $swarm | New-SwarmConfig -Name pester-c -Value other } | Should -Throw -ErrorId 'ConfigDiffers,SwarmOps.Services.Stored.NewSwarmConfigCommand'
    }

    It 'goes by the pipeline' {
        $swarm | Get-SwarmConfig -Name 'pester-c' | Remove-SwarmConfig -Confirm:$false
        $swarm | Get-SwarmConfig -Name 'pester-*' | Should -BeNullOrEmpty
    }
}
