Describe 'Remove-SwarmNode' {
    BeforeAll {
        . $PSScriptRoot/TestLab.ps1
        $swarm = New-TestSwarm
    }

    It 'says with -WhatIf what it would do and does nothing' {
        Get-HostText { $swarm[1] | Remove-SwarmNode -Manager $swarm[0] -WhatIf } | Should -Match "What if: .*$($swarm[1].Name)"
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

    It 'asks by default' {
        Invoke-Prompt '$nodes[1] | Remove-SwarmNode -Manager $nodes[0]' | Should -Match "(?s)Are you sure.*$($nodes[1].Name)"
        Get-SwarmNode $nodes[0] | Should -HaveCount $nodes.Count
    }

    It 'accepts a node that is in no swarm, and leaves it as it is' {
        Reset-TestLab
        $bare = $nodes | Remove-SwarmNode -Confirm:$false -PassThru -ErrorAction Stop
        $bare.Name | Should -Be $nodes.Name
        { $nodes | Get-Swarm -ErrorAction Stop } | Should -Throw -ErrorId 'NoManagerInSet,*'
    }
}
