BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $swarm = New-TestSwarm
    $edge = @{ Name = 'pester-edge'; Image = 'lab/busybox:latest'; NoResolveImage = $true; Command = 'httpd', '-f', '-p', '80'; PublishHost = '18090:80'; WarningAction = 'SilentlyContinue' }
}

Describe 'New-SwarmEdgeService' {
    It 'shows with -WhatIf a service a region, and makes none' {
        $said = Get-HostText { $swarm | New-SwarmEdgeService @edge -WhatIf | Should -BeNullOrEmpty }
        $nodes.Region | ForEach-Object { $said | Should -Match "What if: .*Create.*'pester-edge-$_'" }
        $swarm | Get-SwarmService -Name 'pester-edge*' | Should -BeNullOrEmpty
    }

    It 'puts a task on every node, with the port on its host' {
        $services = $swarm | New-SwarmEdgeService @edge
        $services.Name | Sort-Object | Should -Be @($nodes.Region | Sort-Object | ForEach-Object { "pester-edge-$_" })
        ($services.RunningCount | Measure-Object -Sum).Sum | Should -Be $nodes.Count
        $services | ForEach-Object { $_.Ports | Should -Be '18090:80/tcp (host)' }
        foreach ($node in $nodes) {
            $client = [System.Net.Sockets.TcpClient]::new()
            { $client.Connect("$($node.PublicAddress)", 18090) } | Should -Not -Throw
            $client.Dispose()
        }
    }

    It 'changes nothing when it is run again' {
        $before = $swarm | Get-SwarmService -Name 'pester-edge*' | Sort-Object Name
        $after = $swarm | New-SwarmEdgeService @edge | Sort-Object Name
        $after.UpdatedAt | Should -Be $before.UpdatedAt
    }

    It 'refuses ingress publishing and says why' {
        $failure = { $swarm | New-SwarmEdgeService -Name pester-ingress -Image lab/busybox:latest -NoResolveImage -Publish '18091:80' } | Should -Throw -ErrorId 'EdgeIngressRefused,*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match '-PublishHost'
        $swarm | Get-SwarmService -Name 'pester-ingress*' | Should -BeNullOrEmpty
    }
}
