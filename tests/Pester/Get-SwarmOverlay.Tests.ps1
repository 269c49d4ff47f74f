BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $nodes = New-TestSwarm
    $null = $nodes | New-EncryptedOverlay -Name pester-get-a
    $null = $nodes | New-EncryptedOverlay -Name pester-get-b -Unencrypted -WarningAction SilentlyContinue
}

Describe 'Get-SwarmOverlay' {
    It 'takes wildcards and ignores case' {
        ($nodes | Get-SwarmOverlay -Name 'PESTER-get-?').Name | Should -Be 'pester-get-a', 'pester-get-b'
    }

    It 'shows the NAT rule of encrypted ones only' {
        ($nodes | Get-SwarmOverlay -Name pester-get-a).NatRepairs.RuleActive | Should -Be (@($true) * $nodes.Count)
        ($nodes | Get-SwarmOverlay -Name pester-get-b).NatRepairs | Should -BeNullOrEmpty
    }

    It 'shows the routing mesh when asked to' {
        ($nodes | Get-SwarmOverlay -SkipNatRepair).Name | Should -Not -Contain 'ingress'
        ($nodes | Get-SwarmOverlay -SkipNatRepair -IncludeIngress).Name | Should -Contain 'ingress'
    }

    It 'reports a name that is not there and shows the others' {
        $shown = $nodes | Get-SwarmOverlay -Name nowhere, pester-get-b -ErrorVariable missing -ErrorAction SilentlyContinue
        $shown.Name | Should -Be 'pester-get-b'
        $missing.FullyQualifiedErrorId | Should -Be 'OverlayNotFound,SwarmOps.Overlay.GetSwarmOverlayCommand'
    }

    It 'is drawn as a table that says on how many nodes the NAT rule is' {
        $nodes | Get-SwarmOverlay -Name pester-get-a | Out-String -Width 160 | Should -Match "pester-get-a.+True.+True.+NAT rule on $($nodes.Count) of $($nodes.Count) nodes"
    }
}
