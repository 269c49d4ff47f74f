BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $nodes = New-TestSwarm
    $name = 'pester-new'
}

Describe 'New-EncryptedOverlay' {
    It 'prints the plan and changes nothing with -WhatIf' {
        Get-HostText { $nodes | New-EncryptedOverlay -Name $name -WhatIf | Should -BeNullOrEmpty } | Should -Match "What if: .*Create the encrypted overlay network '$name'"
        $nodes | Get-SwarmOverlay -Name "$name*" -SkipNatRepair | Should -BeNullOrEmpty
    }

    It 'emits the overlay with its nodes, the NAT rule on all of them' {
        $overlay = $nodes | New-EncryptedOverlay -Name $name -Label @{ stage = 'test' }
        $overlay | Should -BeOfType ([SwarmOps.SwarmOverlay])
        $overlay.Encrypted | Should -BeTrue
        $overlay.Attachable | Should -BeTrue
        $overlay.Labels['stage'] | Should -Be 'test'
        $overlay.Nodes.Name | Should -Be $nodes.Name
        $overlay.NatRepairs.Count | Should -Be $nodes.Count
        $overlay.NatRepairs | ForEach-Object { $_.BehindNat -and $_.RuleActive -and $_.RulePersistent | Should -BeTrue }
    }

    It 'gives the same object when it is run again' {
        $first = $nodes | New-EncryptedOverlay -Name $name
        $second = $nodes | New-EncryptedOverlay -Name $name
        $second | ConvertTo-Json -Depth 4 | Should -Be ($first | ConvertTo-Json -Depth 4)
    }

    It 'survives Export-Clixml' {
        $path = Join-Path $TestDrive 'overlay.xml'
        $overlay = $nodes | New-EncryptedOverlay -Name "$name-clixml"
        $overlay | Export-Clixml -Path $path
        $import = Import-Clixml -Path $path
        $import.Id | Should -Be $overlay.Id
        $import.Subnets | Should -Match '^\d+\.\d+\.\d+\.\d+/\d+$'
        $import.Nodes.Name | Should -Be $nodes.Name
    }

    It 'lists what is different' {
        { $nodes | New-EncryptedOverlay -Name $name -Mtu 1300 -ErrorAction Stop } |
            Should -Throw -ErrorId 'OverlayDiffers,SwarmOps.Overlay.NewEncryptedOverlayCommand' -ExceptionType ([SwarmOps.SwarmOpsException])
        try { $nodes | New-EncryptedOverlay -Name $name -Mtu 1300 -Label @{ stage = 'prod' } } catch { $caught = $_ }
        $caught.Exception.Message | Should -BeLike "*mtu: wanted 1300, is the engine's default; label stage: wanted 'prod', is 'test'*"
        $caught.CategoryInfo.Category | Should -Be 'ResourceExists'
        $caught.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'refuses <Case> as <Id>' -ForEach @(
        @{ Case = 'a name with a dot'; Id = 'OverlayNameInvalid'; With = @{ Name = 'a.b' } }
        @{ Case = 'a reserved name'; Id = 'OverlayNameReserved'; With = @{ Name = 'ingress' } }
        @{ Case = 'host bits'; Id = 'SubnetHostBitsSet'; With = @{ Name = 'x'; Subnet = '10.9.0.5/24' } }
        @{ Case = 'IPv6'; Id = 'SubnetIPv6NotSupported'; With = @{ Name = 'x'; Subnet = 'fd00::/64' } }
        @{ Case = 'too small a subnet'; Id = 'SubnetTooSmall'; With = @{ Name = 'x'; Subnet = '10.9.0.0/30' } }
        @{ Case = 'the ingress subnet'; Id = 'SubnetOverlaps'; With = @{ Name = 'x'; Subnet = '10.0.0.0/24' } }
        @{ Case = 'an MTU of 10'; Id = 'MtuInvalid'; With = @{ Name = 'x'; Mtu = 10 } }
    ) {
        { $nodes | New-EncryptedOverlay @With } | Should -Throw -ErrorId "$Id,SwarmOps.Overlay.NewEncryptedOverlayCommand"
    }
}
