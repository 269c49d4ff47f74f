BeforeAll {
    Import-Module $env:SWARMOPS_MODULE
    $fingerprint = 'SHA256:yJreMtaxXcDuxkYMUjuPfFOA1y/CxSeVLpdwPZx67EU'
    # What a user sees of a node, without what only its swarm says.
    function Get-Description([object] $Node) {
        ($Node | Select-Object Name, Region, Zone, PublicAddress, PrivateAddress, AdvertiseAddress, DockerHost, KeyFilePath,
            HostKeyFingerprint, KnownHostsPath, HostKeyPolicy, CertificatePath, InstanceId | ConvertTo-Json -Compress)
    }
}

Describe 'New-SwarmNode' {
    BeforeAll {
        $keyFile = Join-Path $TestDrive 'id_ed25519'
        Set-Content $keyFile "-----BEGIN OPENSSH PRIVATE KEY-----`n"
        $full = New-SwarmNode -Name web-1 -Region eu-central-1 -Zone eu-central-1a -PublicAddress 203.0.113.17 -PrivateAddress 172.31.5.77 `
            -User admin -Port 2222 -KeyFilePath $keyFile -HostKeyFingerprint $fingerprint -KnownHostsPath (Join-Path $TestDrive known_hosts) `
            -HostKeyPolicy AcceptNew -CertificatePath $TestDrive -InstanceId i-0123456789abcdef0
        $least = New-SwarmNode 203.0.113.18 203.0.113.18
    }

    It 'describes a machine' {
        $full.DockerHost | Should -Be 'ssh://admin@203.0.113.17:2222'
        $full.AdvertiseAddress | Should -Be '203.0.113.17'
        $full.HostKeyPolicy | Should -Be 'AcceptNew'
        $full | Should -BeOfType SwarmOps.SwarmNode
    }

    It 'rebuilds nodes from <_>' -ForEach 'Clixml', 'Json', 'Csv' {
        $path = Join-Path $TestDrive "nodes.$_"
        $again = switch ($_) {
            'Clixml' { $full, $least | Export-Clixml $path; Import-Clixml $path | New-SwarmNode }
            'Json' { $full, $least | ConvertTo-Json | Set-Content $path; Get-Content $path -Raw | ConvertFrom-Json | New-SwarmNode }
            'Csv' { $full, $least | Export-Csv $path; Import-Csv $path | New-SwarmNode }
        }
        $again | Should -HaveCount 2
        Get-Description $again[0] | Should -Be (Get-Description $full)
        Get-Description $again[1] | Should -Be (Get-Description $least)
    }

    It 'changes one field of a node and keeps the rest' {
        $moved = $full | New-SwarmNode -Region us-east-1
        $moved.Region | Should -Be 'us-east-1'
        $moved.DockerHost | Should -Be $full.DockerHost
    }

    It 'reads an inventory with the columns of others' {
        ('Name,IPAddress', 'a,203.0.113.1' | ConvertFrom-Csv | New-SwarmNode).PublicAddress | Should -Be '203.0.113.1'
        ('Name,ComputerName', ',203.0.113.2' | ConvertFrom-Csv | New-SwarmNode).Name | Should -Be '203.0.113.2'
    }

    It 'goes on after a bad record, and says what was wrong with each' {
        $nodes = 'Name,PublicAddress,Port', 'a,203.0.113.1,22', 'b,203.0.113.2,ssh', 'c,203.0.113,22', 'd,203.0.113.4,' |
            ConvertFrom-Csv | New-SwarmNode -ErrorAction SilentlyContinue -ErrorVariable wrong
        $nodes.Name | Should -Be 'a', 'd'
        $wrong.FullyQualifiedErrorId | Should -Be 'SshPortInvalid,SwarmOps.Nodes.NewSwarmNodeCommand', 'AddressInvalid,SwarmOps.Nodes.NewSwarmNodeCommand'
        $wrong | ForEach-Object { $_.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty }
        $wrong.TargetObject | Should -Be 'b', 'c'
    }

    It 'resolves relative paths where the user stands' {
        Push-Location $TestDrive
        try { (New-SwarmNode a 203.0.113.1 -KeyFilePath ./id_ed25519).KeyFilePath | Should -Be (Resolve-Path ./id_ed25519).ProviderPath }
        finally { Pop-Location }
    }

    It 'shows no secret' {
        $secret = ConvertTo-SecureString 's3cret-key' -AsPlainText -Force
        $node = New-SwarmNode a 203.0.113.1 -PrivateKey $secret -KeyPassphrase $secret -Credential ([pscredential]::new('admin', $secret))
        ($node | Format-List * | Out-String) + ($node | ConvertTo-Json) + [System.Management.Automation.PSSerializer]::Serialize($node) |
            Should -Not -Match 's3cret|SecureString|PSCredential'
        $node.DockerHost | Should -Be 'ssh://admin@203.0.113.1'
    }

    It 'refuses <Arguments> with <Id>' -ForEach @(
        @{ Arguments = @{ Name = 'a' }; Id = 'NodeAddressMissing' }
        @{ Arguments = @{ PublicAddress = '127.0.0.1' }; Id = 'AddressIsLoopback' }
        @{ Arguments = @{ PublicAddress = 'localhost' }; Id = 'AddressIsLoopback' }
        @{ Arguments = @{ PublicAddress = '0.0.0.0' }; Id = 'AddressIsUnspecified' }
        @{ Arguments = @{ PublicAddress = '203.0.113.1'; AdvertiseAddress = '224.0.0.1' }; Id = 'AddressIsMulticast' }
        @{ Arguments = @{ PublicAddress = '203.0.113.1'; AdvertiseAddress = 'fe80::1' }; Id = 'AddressIsLinkLocal' }
        @{ Arguments = @{ PublicAddress = 'nosuchname.invalid' }; Id = 'AddressNotResolvable' }
        @{ Arguments = @{ PublicAddress = '203.0.113.1'; HostKeyPolicy = 'Never' }; Id = 'HostKeyPolicyInvalid' }
        @{ Arguments = @{ PublicAddress = '203.0.113.1'; HostKeyFingerprint = 'MD5:00' }; Id = 'HostKeyFingerprintInvalid' }
        @{ Arguments = @{ PublicAddress = '203.0.113.1'; KeyFilePath = 'nosuchdrive:\key' }; Id = 'PathInvalid' }
        @{ Arguments = @{ DockerHost = 'http://203.0.113.1' }; Id = 'DockerHostInvalid' }
    ) {
        $null = New-SwarmNode @Arguments -ErrorAction SilentlyContinue -ErrorVariable wrong
        $wrong[0].FullyQualifiedErrorId | Should -Be "$Id,SwarmOps.Nodes.NewSwarmNodeCommand"
    }

    It 'completes the policy' {
        (TabExpansion2 'New-SwarmNode -HostKeyPolicy A' 30).CompletionMatches.CompletionText | Should -Be 'AcceptNew'
    }
}
