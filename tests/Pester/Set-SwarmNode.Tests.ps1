Describe 'Set-SwarmNode' {
    BeforeAll {
        . $PSScriptRoot/TestLab.ps1
        $swarm = New-TestSwarm
    }

    It 'merges labels and leaves the others' {
        $set = $swarm | Set-SwarmNode -Label @{ disk = 'ssd' }
        $set | Should -HaveCount $nodes.Count
        $set | ForEach-Object { $_.Labels['disk'] | Should -Be 'ssd'; $_.Labels['region'] | Should -Be $_.Region }
    }

    It 'drains a node and takes it back' {
        ($swarm[1] | Set-SwarmNode -Availability Drain -Manager $swarm[0]).Availability | Should -Be 'Drain'
        ($swarm[1] | Set-SwarmNode -Availability Active -Manager $swarm[0]).Availability | Should -Be 'Active'
    }

    It 'removes labels' {
        $set = $swarm | Set-SwarmNode -RemoveLabel disk
        $set | Should -HaveCount $nodes.Count
        $set.Labels.Keys | Should -Not -Contain 'disk'
        (Get-SwarmNode $nodes).Labels.Keys | Should -Not -Contain 'disk'
    }

    It 'does nothing with -WhatIf' {
        [regex]::Matches((Get-HostText { $swarm | Set-SwarmNode -Label @{ never = 'x' } -WhatIf }), 'What if: .*never').Count | Should -Be $nodes.Count
        (Get-SwarmNode $nodes).Labels.Keys | Should -Not -Contain 'never'
    }

    It 'refuses <id>' -ForEach @(
        @{ id = 'NodeLabelInvalid'; given = @{ Label = @{ 'a b' = 'x' } } }
        @{ id = 'LabelConflict'; given = @{ Label = @{ region = 'x' }; Region = 'y' } }
        @{ id = 'NothingToSet'; given = @{} }
    ) {
        { $swarm | Set-SwarmNode @given -ErrorAction Stop } | Should -Throw -ErrorId "$id,*"
    }
}
