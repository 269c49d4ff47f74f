Describe 'Step-SwarmDemotion' {
    BeforeAll {
        . $PSScriptRoot/TestLab.ps1
        $swarm = New-TestSwarm -ManagerCount 3
    }

    It 'asks by default' {
        $said = Invoke-Prompt '$nodes | Step-SwarmDemotion -ManagerCount 1'
        [regex]::Matches($said, 'Are you sure').Count | Should -Be 2 -Because $said
        $said | Should -Match 'Demote to worker'
        (Get-Swarm $nodes).ManagerCount | Should -Be 3
    }

    It 'refuses to leave two managers, and does the sum' {
        $last = $swarm | Where-Object { -not $_.IsLeader } | Select-Object -Last 1
        { $last | Step-SwarmDemotion -Manager $swarm -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'EvenManagersLeft,*' -ExpectedMessage '*3 managers, 3 reachable, quorum 2*'
    }

    It 'never demotes the last manager' {
        { $swarm | Step-SwarmDemotion -Force -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'LastManager,*'
    }

    It 'leaves as many managers as it is told' {
        $swarm | Step-SwarmDemotion -ManagerCount 1 -Confirm:$false | Where-Object Role -EQ Manager | Should -HaveCount 1
        (Get-Swarm $nodes).ManagerCount | Should -Be 1
    }
}
