BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $swarm = New-TestSwarm
    $registry = $lab.privateRegistry
    $image = "$($registry.address)/pester/app:1"
    $password = [System.IO.File]::ReadAllText($registry.passwordFile)
    $login = [pscredential]::new($registry.user, (ConvertTo-SecureString $password -AsPlainText -Force))
    $folder = (New-Item -ItemType Directory -Path (Join-Path $TestDrive registry)).FullName
    # As an admin: docker login writes the config file, docker push takes it.
    $docker = @('--config', $folder, '-H', "unix://$($lab.hosts[0].dockerSocket)")
    $null = $password | & $lab.dockerCli @docker login -u $registry.user --password-stdin $registry.address 2>$null
    $null = & $lab.dockerCli @docker tag lab/busybox:latest $image
    $null = & $lab.dockerCli @docker push -q $image
    $quiet = @{ Image = $image; Mode = 'Global'; Command = 'sleep', '600'; StableSeconds = 0 }
}

Describe 'New-SwarmService with an image of a registry that wants a password' {
    It 'takes a credential' {
        $service = $swarm | New-SwarmService -Name pester-credential @quiet -RegistryCredential $login -WarningVariable warnings
        $service.RunningCount | Should -Be $nodes.Count
        $service.Image | Should -Match '@sha256:'
        $warnings | Should -BeNullOrEmpty
    }

    It 'takes the file that docker login wrote' {
        ($swarm | New-SwarmService -Name pester-file @quiet -DockerConfigPath (Join-Path $folder config.json)).RunningCount | Should -Be $nodes.Count
    }

    It 'refuses a wrong password before anything is changed, and does not repeat it' {
        $wrong = [pscredential]::new($registry.user, (ConvertTo-SecureString 'wrong-one' -AsPlainText -Force))
        $failure = { $swarm | New-SwarmService -Name pester-wrong @quiet -RegistryCredential $wrong -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryLoginRefused,SwarmOps.Services.NewSwarmServiceCommand' -PassThru
        ($failure | Out-String) + ($failure | Format-List * -Force | Out-String) | Should -Not -Match 'wrong-one'
        { $swarm | Get-SwarmService -Name pester-wrong -ErrorAction Stop } | Should -Throw -ErrorId 'ServiceNotFound,*'
    }

    It 'says with -WhatIf that an update brings a credential' {
        $service = $swarm | Get-SwarmService -Name pester-credential
        Get-HostText { $swarm | Update-SwarmService -Name pester-credential -RegistryCredential $login -WhatIf } | Should -Match 'What if: .*credential'
        ($swarm | Get-SwarmService -Name pester-credential).UpdatedAt | Should -Be $service.UpdatedAt
    }
}
