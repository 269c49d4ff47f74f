BeforeAll {
    Import-Module $env:SWARMOPS_MODULE -Force
    $lab = Get-Content -Raw -Path $env:SWARMOPS_LAB_JSON | ConvertFrom-Json
    $nodes = $lab.hosts | ForEach-Object {
        New-SwarmNode -Name $_.name -Region $_.region -PublicAddress $_.publicAddress -PrivateAddress $_.privateAddress -User $_.user -Port $_.sshPort -KeyFilePath $_.keyFile -HostKeyFingerprint $_.hostKeyFingerprint
    } | Initialize-Swarm | Join-SwarmAsWorker
}

AfterAll {
    $nodes | Get-SwarmOverlay -Name 'pester-rm-*' -SkipNatRepair | Remove-SwarmOverlay -Confirm:$false
}

Describe 'Remove-SwarmOverlay' {
    BeforeEach {
        $overlay = $nodes | New-EncryptedOverlay -Name pester-rm-a
    }

    It 'asks by default' {
        (Get-Command Remove-SwarmOverlay).ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact | Should -Be 'High'
    }

    It 'changes nothing with -WhatIf' {
        $nodes | Remove-SwarmOverlay -Name pester-rm-a -WhatIf
        ($nodes | Get-SwarmOverlay -Name pester-rm-a).NatRepairs.RuleActive | Should -Not -Contain $false
    }

    It 'removes by name and gives nothing' {
        $nodes | Remove-SwarmOverlay -Name pester-rm-a -Confirm:$false | Should -BeNullOrEmpty
        $nodes | Get-SwarmOverlay -Name 'pester-rm-*' | Should -BeNullOrEmpty
    }

    It 'removes what comes down the pipeline, and is content when it is gone already' {
        $overlay | Remove-SwarmOverlay -Confirm:$false
        $overlay | Remove-SwarmOverlay -Confirm:$false -ErrorAction Stop
        $nodes | Get-SwarmOverlay -Name 'pester-rm-*' | Should -BeNullOrEmpty
    }

    It 'leaves a newer network of the same name alone' {
        $overlay | Remove-SwarmOverlay -Confirm:$false
        $newer = $nodes | New-EncryptedOverlay -Name pester-rm-a
        $overlay | Remove-SwarmOverlay -Confirm:$false
        ($nodes | Get-SwarmOverlay -Name pester-rm-a).Id | Should -Be $newer.Id
    }

    It 'reports a name that is not there' {
        $nodes | Remove-SwarmOverlay -Name nowhere -Confirm:$false -ErrorVariable missing -ErrorAction SilentlyContinue
        $missing.FullyQualifiedErrorId | Should -Be 'OverlayNotFound,SwarmOps.Overlay.RemoveSwarmOverlayCommand'
    }
}
