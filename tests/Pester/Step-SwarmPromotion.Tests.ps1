Describe 'Step-SwarmPromotion' {
    BeforeAll {
        . $PSScriptRoot/TestLab.ps1
        $swarm = New-TestSwarm
    }

    It 'says with -WhatIf what it would do and does nothing' {
        [regex]::Matches((Get-HostText { $swarm | Step-SwarmPromotion -WhatIf }), 'What if: .*Promote to manager \d of 3').Count | Should -Be 2
        @(Get-SwarmNode $nodes -Role Manager) | Should -HaveCount 1
    }

    It 'refuses an even number' {
        { $swarm | Step-SwarmPromotion -ManagerCount 2 -ErrorAction Stop } | Should -Throw -ErrorId 'EvenManagerCount,*'
    }

    It 'makes three managers in three regions and passes the whole set on' {
        $promoted = $swarm | Step-SwarmPromotion
        $promoted.Name | Should -Be $swarm.Name
        @($promoted | Where-Object Reachability -EQ Reachable).Region | Sort-Object -Unique | Should -HaveCount 3
    }

    It 'changes nothing when run again' {
        $before = Get-SwarmNode $nodes | ConvertTo-Json -Depth 5
        $nodes | Step-SwarmPromotion | Should -HaveCount $nodes.Count
        Get-SwarmNode $nodes | ConvertTo-Json -Depth 5 | Should -Be $before
    }

    It 'gives an error record with an id, a category, the target and what to do' {
        $stranger = New-SwarmNode -Name stranger -PublicAddress $nodes[0].PublicAddress -Port 1 -User root -KeyFilePath $nodes[0].KeyFilePath -HostKeyFingerprint $nodes[0].HostKeyFingerprint
        $null = @($nodes) + $stranger | Step-SwarmPromotion -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NodeUnreachable,*'
        $problem[0].CategoryInfo.Category | Should -Be 'ConnectionError'
        $problem[0].TargetObject.Name | Should -Be 'stranger'
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
}
