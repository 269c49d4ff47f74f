Describe 'Get-SwarmNode' {
    BeforeAll {
        . $PSScriptRoot/TestLab.ps1
        $null = New-TestSwarm
    }

    It 'lists every member, though only a manager is given' {
        Get-SwarmNode $nodes[0] | Should -HaveCount $nodes.Count
    }

    It 'takes wildcards' {
        (Get-SwarmNode $nodes -Name "$($nodes[0].Name.Substring(0, 4))*").Name | Should -Contain $nodes[0].Name
        Get-SwarmNode $nodes -Name 'nosuch*' | Should -BeNullOrEmpty
    }

    It 'tells of a name that is not there' {
        { Get-SwarmNode $nodes -Name nosuchnode -ErrorAction Stop } | Should -Throw -ErrorId 'NodeNotFound,*'
    }

    It 'completes names from the nodes' {
        $line = 'Get-SwarmNode -Node $nodes -Name '
        (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should -Contain $nodes[0].Name
    }

    It 'completes names from the nodes that a variable pipes' -ForEach '$nodes | Get-SwarmNode -Name ', '$nodes[0] | Get-SwarmNode -Name ', '$nodes | Initialize-Swarm -On ', '$nodes | Get-SwarmTask -On ' {
        (TabExpansion2 -inputScript $_ -cursorColumn $_.Length).CompletionMatches.CompletionText | Should -Contain $nodes[0].Name
    }

    It 'survives an export and comes back' {
        $path = Join-Path $TestDrive nodes.xml
        $members = Get-SwarmNode $nodes
        $members | Export-Clixml $path
        (Import-Clixml $path).NodeId | Should -Be $members.NodeId
        $members.NodeId | Should -Match '^[a-z0-9]{25}$'
    }
}
