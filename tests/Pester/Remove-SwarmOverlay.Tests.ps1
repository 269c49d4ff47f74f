BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $nodes = New-TestSwarm
}

Describe 'Remove-SwarmOverlay' {
    BeforeEach {
        $overlay = $nodes | New-EncryptedOverlay -Name pester-rm-a
    }

    It 'asks by default' {
        Invoke-Prompt '$nodes | Remove-SwarmOverlay -Name pester-rm-a' | Should -Match "(?s)Are you sure.*Remove.*pester-rm-a"
        ($nodes | Get-SwarmOverlay -Name pester-rm-a).Id | Should -Be $overlay.Id
    }

    It 'changes nothing with -WhatIf' {
        Get-HostText { $nodes | Remove-SwarmOverlay -Name pester-rm-a -WhatIf } | Should -Match 'What if: .*pester-rm-a'
        ($nodes | Get-SwarmOverlay -Name pester-rm-a).NatRepairs.RuleActive | Should -Not -Contain $false
    }

    It 'removes by name and gives nothing' {
        $nodes | Remove-SwarmOverlay -Name pester-rm-a -Confirm:$false | Should -BeNullOrEmpty
        $nodes | Get-SwarmOverlay -Name 'pester-rm-*' | Should -BeNullOrEmpty
    }

    It 'removes what comes down the pipeline, and accepts that it is gone already' {
        $overlay | Remove-SwarmOverlay -Confirm:$false
        { $overlay | Remove-SwarmOverlay -Confirm:$false -ErrorAction Stop } | Should -Not -Throw
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
