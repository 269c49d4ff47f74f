Describe 'Get-Swarm' {
    BeforeAll {
        . $PSScriptRoot/TestLab.ps1
        $null = New-TestSwarm
    }

    It 'warns of one manager for three nodes' {
        $swarm = Get-Swarm $nodes
        $swarm | Should -BeOfType SwarmOps.SwarmSummary
        $swarm.Warnings | Should -BeLike 'There is one manager for*'
        $swarm.ToleratedFailures | Should -Be 0
    }

    It 'has nothing to warn of when there are three in three regions' {
        $null = $nodes | Step-SwarmPromotion
        $swarm = Get-Swarm $nodes
        $swarm.Warnings | Should -BeNullOrEmpty
        $swarm.Quorum | Should -Be 2
        $swarm.ToleratedFailures | Should -Be 1
        $swarm.RootCertificateExpiry | Should -BeGreaterThan ([datetime]::UtcNow.AddYears(10))
    }

    It 'names a node that cannot be asked' {
        $stranger = New-SwarmNode -Name stranger -PublicAddress $nodes[0].PublicAddress -Port 1 -User root -KeyFilePath $nodes[0].KeyFilePath -HostKeyFingerprint $nodes[0].HostKeyFingerprint
        (Get-Swarm (@($nodes) + $stranger)).Warnings | Should -BeLike "*'stranger' cannot be reached*"
    }

    It 'shows no secret' {
        $text = Get-Swarm $nodes | Format-List * | Out-String
        $text | Should -Match '(?m)^Leader\s+: \S'
        $text | Should -Not -Match 'SWMTKN'
    }
}
