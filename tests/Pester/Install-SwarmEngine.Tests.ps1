BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    function Get-EngineStart { $lab.hosts.name | ForEach-Object { & $labCommand exec --name $lab.name $_ -- systemctl show -P ExecMainStartTimestampMonotonic docker } }
}

Describe 'Install-SwarmEngine' {
    It 'does nothing where engines run, and gives their versions' {
        $before = Get-EngineStart
        $out = $nodes | Install-SwarmEngine
        Get-EngineStart | Should -Be $before
        $out.Name | Should -Be $nodes.Name
        $out.EngineVersion | ForEach-Object { $_ | Should -Match '^\d+\.\d+' }
    }

    It 'goes on after a node that refuses' {
        $wrong = $nodes[0] | New-SwarmNode -HostKeyFingerprint $nodes[1].HostKeyFingerprint
        $out = @($wrong) + $nodes[1] | Install-SwarmEngine -ErrorAction SilentlyContinue -ErrorVariable failed
        $out.Name | Should -Be $nodes[1].Name
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'HostKeyMismatch,*'
        $failed[0].TargetObject.Name | Should -Be $wrong.Name
    }

    It 'refuses an endpoint that gives no way to the host' {
        $tcp = $nodes[0] | New-SwarmNode -DockerHost tcp://127.0.0.1:1
        $null = $tcp | Install-SwarmEngine -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'NodeUnreachable,*'
    }

    It 'knows its sources only' {
        { $nodes | Install-SwarmEngine -Source Snap } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
    }

    It 'has help with examples' {
        (Get-Help Install-SwarmEngine).examples.example.Count | Should -BeGreaterThan 1
    }
}
