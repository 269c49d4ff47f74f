BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $swarm = New-TestSwarm
    $null = $swarm | New-SwarmSecret -Name pester-pw -Generate
    $null = $swarm | New-SwarmConfig -Name pester-motd -Value first
    $null = $swarm | New-SwarmService -Name pester-reader -Image lab/busybox:latest -NoResolveImage -Command sleep, 600 -Secret @{ Source = 'pester-pw'; Target = 'pw'; Mode = '0400' } -Config pester-motd:/motd -WarningAction SilentlyContinue
}

Describe 'Update-SwarmSecret' {
    It 'changes nothing with -WhatIf' {
        $swarm | Update-SwarmSecret -Name pester-pw -WhatIf | Should -BeNullOrEmpty
        @($swarm | Get-SwarmSecret -Name pester-pw -AllVersions).Version | Should -Be 1
    }

    It 'moves the services to the new version and takes the old one away' {
        $updated = $swarm | Update-SwarmSecret -Name pester-pw -StableSeconds 1
        $updated | Should -BeOfType ([SwarmOps.SwarmSecret])
        $updated.Version | Should -Be 2
        $updated.Services | Should -Be 'pester-reader'
        @($swarm | Get-SwarmSecret -Name pester-pw -AllVersions).Version | Should -Be 2
    }

    It 'shows the value in nothing that comes out' {
        $value = ConvertTo-SecureString 'never-seen-4711' -AsPlainText -Force
        $all = $swarm | Update-SwarmSecret -Name pester-pw -Value $value -StableSeconds 1 -Verbose 4>&1 | Out-String
        $all | Should -Match 'pester-reader'
        $all | Should -Not -Match 'never-seen-4711'
        ($swarm | Get-SwarmSecret -Name pester-pw).Version | Should -Be 3
    }

    It 'names a secret that is not there and what to do' {
        $failure = { $swarm | Update-SwarmSecret -Name pester-nowhere } | Should -Throw -ErrorId 'StoredNotFound,SwarmOps.Rollout.UpdateSwarmSecretCommand' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match 'SwarmSecret'
    }
}

Describe 'Update-SwarmConfig' {
    It 'moves the services to the new content' {
        $updated = $swarm | Update-SwarmConfig -Name pester-motd -Value second -StableSeconds 1
        $updated.Content | Should -Be 'second'
        $updated.Version | Should -Be 2
        $updated.Services | Should -Be 'pester-reader'
        @($swarm | Get-SwarmConfig -Name pester-motd -AllVersions).Content | Should -Be 'second'
    }

    It 'changes nothing when the content is the same' {
        ($swarm | Update-SwarmConfig -Name pester-motd -Value second -StableSeconds 1).Version | Should -Be 2
    }

    It 'takes a file and names one that is not there' {
        { $swarm | Update-SwarmConfig -Name pester-motd -Path (Join-Path $TestDrive none) } | Should -Throw -ErrorId 'ValueFileNotFound,SwarmOps.Rollout.UpdateSwarmConfigCommand'
    }
}
