BeforeAll {
    Import-Module $env:SWARMOPS_MODULE -Force
    $lab = Get-Content -Raw -Path $env:SWARMOPS_LAB_JSON | ConvertFrom-Json
    $nodes = $lab.hosts | ForEach-Object {
        New-SwarmNode -Name $_.name -Region $_.region -PublicAddress $_.publicAddress -PrivateAddress $_.privateAddress -User $_.user -Port $_.sshPort -KeyFilePath $_.keyFile -HostKeyFingerprint $_.hostKeyFingerprint
    } | Initialize-Swarm | Join-SwarmAsWorker
    $null = $nodes | New-EncryptedOverlay -Name pester-get-a
    $null = $nodes | New-EncryptedOverlay -Name pester-get-b -Unencrypted -WarningAction SilentlyContinue
}

AfterAll {
    $nodes | Get-SwarmOverlay -Name 'pester-get-*' -SkipNatRepair | Remove-SwarmOverlay -Confirm:$false
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
