BeforeAll {
    . $PSScriptRoot/TestLab.ps1
}

Describe 'Test-SwarmNode' {
    It 'passes a healthy set' {
        $findings = $nodes | Test-SwarmNode
        $others = $findings | Where-Object Check -ne EngineDefect
        $others | Where-Object Result -ne Pass | Should -BeNullOrEmpty
        $others | Should -HaveCount (7 * $nodes.Count + 5 * $nodes.Count * ($nodes.Count - 1))
        $findings | Select-Object -First 1 | Should -BeOfType SwarmOps.NodeFinding
    }

    It 'warns of the known defects of each node''s engine, and says where they are told' {
        $defects = $nodes | Test-SwarmNode | Where-Object Check -eq EngineDefect
        $nodes | ForEach-Object { $defects.Node | Should -Contain $_.Name }
        $defects | ForEach-Object Result | Select-Object -Unique | Should -Be 'Warning'
        $defects | ForEach-Object { $_.Detail | Should -Match 'https://github.com/moby/' }
        $defects | ForEach-Object { $_.RecommendedAction | Should -Not -BeNullOrEmpty }
    }

    It 'says so in one word' {
        $nodes | Test-SwarmNode -Quiet | Should -BeTrue
    }

    It 'fails private addresses across regions, and names the public ones' {
        $private = $nodes | ForEach-Object { $_ | New-SwarmNode -AdvertiseAddress $_.PrivateAddress }
        $finding = $private | Test-SwarmNode -TimeoutSeconds 1 | Where-Object { $_.Check -eq 'AdvertiseAddress' -and $_.Node -eq $nodes[0].Name }
        $finding.Result | Should -Be 'Fail'
        $finding.RecommendedAction | Should -Match ([regex]::Escape($nodes[0].PublicAddress))
    }

    It 'finds an address pool that is in a host''s way' {
        $route = '{0}.0.0/16' -f ($nodes[0].PrivateAddress -replace '\.\d+\.\d+$')
        $nodes[0] | Test-SwarmNode -AddressPool $route | Where-Object Check -eq 'AddressPool' | ForEach-Object Result | Should -Be 'Fail'
    }

    It 'refuses a pool that is none before anything is asked' {
        { $nodes | Test-SwarmNode -AddressPool 10.300.0.0/16 } | Should -Throw -ErrorId 'AddressPoolInvalid,*'
    }

    It 'reports a node that cannot be reached and hides no other' {
        $wrong = $nodes[0] | New-SwarmNode -HostKeyFingerprint $nodes[1].HostKeyFingerprint
        $findings = @($wrong) + $nodes[1] | Test-SwarmNode
        $findings | Where-Object { $_.Node -eq $wrong.Name -and $_.Check -eq 'Engine' } | ForEach-Object Result | Should -Be 'Fail'
        $findings | Where-Object { $_.Node -eq $nodes[1].Name -and $_.Check -eq 'Engine' } | ForEach-Object Result | Should -Be 'Pass'
        $findings | Where-Object Peer | ForEach-Object Result | Select-Object -Unique | Should -Be 'NotTested'
    }

    It 'has help with examples' {
        (Get-Help Test-SwarmNode).examples.example.Count | Should -BeGreaterThan 1
    }
}
