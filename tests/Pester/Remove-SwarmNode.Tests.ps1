Describe 'Remove-SwarmNode' {
    BeforeAll {
        . $PSScriptRoot/ManagerSwarm.ps1
        $swarm = New-TestSwarm
    }

    AfterAll { Clear-TestSwarm }

    It 'says with -WhatIf what it would do and does nothing' {
        $swarm[1] | Remove-SwarmNode -Manager $swarm[0] -WhatIf
        Get-SwarmNode $nodes | Should -HaveCount $nodes.Count
    }

    It 'ends a swarm only with -Force' {
        { $swarm | Remove-SwarmNode -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'SwarmWouldBeDissolved,*'
    }

    It 'takes a worker out and gives it back bare, ready to join again' {
        $bare = $swarm[1] | Remove-SwarmNode -Manager $swarm[0] -Confirm:$false -PassThru
        $bare.SwarmId | Should -BeNullOrEmpty
        $bare.DockerHost | Should -Be $swarm[1].DockerHost
        Get-SwarmNode $nodes[0] | Should -HaveCount ($nodes.Count - 1)
        ($bare | Join-SwarmAsWorker -Manager $nodes[0]).State | Should -Be 'Ready'
    }

    It 'is content with a node that is in no swarm' {
        Clear-TestSwarm
        $nodes | Remove-SwarmNode -Confirm:$false -ErrorAction Stop
    }
}
