BeforeAll {
    . $PSScriptRoot/TestLab.ps1
}

Describe 'The pipeline, as a user types it' {
    BeforeAll {
        $ErrorActionPreference = 'Stop'
        Set-StrictMode -Version Latest
        $overlay = $nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal -WarningAction SilentlyContinue
    }

    It 'ends in an encrypted overlay over the whole set' {
        $overlay | Should -BeOfType SwarmOps.SwarmOverlay
        $overlay.Encrypted | Should -BeTrue
        $overlay.Nodes.Name | Should -Be $nodes.Name
    }

    It 'has three managers, one of which may fail' {
        $swarm = $nodes | Get-Swarm
        $swarm.ReachableManagerCount | Should -Be 3
        $swarm.Quorum | Should -Be 2
        $swarm.ToleratedFailures | Should -Be 1
        $swarm.Leader | Should -BeIn $nodes.Name
    }

    It 'shows its nodes in a table' {
        $text = $nodes | Get-SwarmNode | Format-Table | Out-String -Width 200
        foreach ($node in $nodes) { $text | Should -Match ([regex]::Escape($node.AdvertiseAddress)) }
        $text | Should -Match 'Leader'
    }

    It 'changes nothing when it is run again, and says so with -WhatIf too' {
        $plan = $nodes | Initialize-Swarm -WhatIf | Join-SwarmAsWorker -WhatIf | Step-SwarmPromotion -WhatIf | New-EncryptedOverlay -Name internal -WhatIf -WarningAction SilentlyContinue
        $plan.Id | Should -Be $overlay.Id
        $members = $nodes | Get-SwarmNode | Select-Object Name, NodeId, Role, Availability, Labels | ConvertTo-Json -Depth 4
        $again = $nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal -WarningAction SilentlyContinue
        $again.Id | Should -Be $overlay.Id
        $nodes | Get-SwarmNode | Select-Object Name, NodeId, Role, Availability, Labels | ConvertTo-Json -Depth 4 | Should -Be $members
    }

    It 'goes on from an export of its nodes' {
        $path = Join-Path $TestDrive nodes.xml
        $nodes | Get-SwarmNode | Export-Clixml $path
        (Import-Clixml $path | New-SwarmNode | Join-SwarmAsWorker).State | Select-Object -Unique | Should -Be 'Ready'
    }
}

Describe 'Initialize-Swarm' {
    BeforeAll { Reset-TestLab }

    It 'prints its plan with -WhatIf and makes nothing' {
        Get-HostText { $nodes | Initialize-Swarm -WhatIf | Should -BeNullOrEmpty } | Should -Match "What if: .*swarm.*$($nodes[0].Name)"
        { $nodes | Get-Swarm -ErrorAction Stop } | Should -Throw -ErrorId 'NoManagerInSet,*'
    }

    It 'refuses an address that the other nodes do not reach, before anything is changed' {
        $private = $nodes | ForEach-Object { $_ | New-SwarmNode -AdvertiseAddress $_.PrivateAddress }
        $failure = { $private | Initialize-Swarm } | Should -Throw -ErrorId 'AdvertiseAddressUnreachable,*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match '2377/tcp'
        { $nodes | Get-Swarm -ErrorAction Stop } | Should -Throw -ErrorId 'NoManagerInSet,*'
    }

    It 'has help with examples and notes' {
        $help = Get-Help Initialize-Swarm -Full
        $help.examples.example.Count | Should -BeGreaterThan 1
        ($help.parameters.parameter | Where-Object name -EQ AddressPool).description.Text | Should -Not -BeNullOrEmpty
        ($help.alertSet | Out-String) | Should -Match 'AdvertiseAddressUnreachable'
    }
}

Describe 'Join-SwarmAsWorker' {
    BeforeAll { Reset-TestLab }

    It 'says what to do where there is no swarm' {
        $failure = { $nodes | Join-SwarmAsWorker } | Should -Throw -ErrorId 'NoManagerInSet,*' -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match 'Initialize-Swarm'
    }

    It 'adds a node to a swarm that exists' {
        $null = $nodes[0], $nodes[1] | Initialize-Swarm | Join-SwarmAsWorker
        $joined = $nodes[2] | Join-SwarmAsWorker -Manager $nodes[0]
        $joined.Name | Should -Be $nodes[2].Name
        $joined.Role | Should -Be 'Worker'
        $joined.Labels['region'] | Should -Be $nodes[2].Region
    }

    It 'has help with examples' {
        (Get-Help Join-SwarmAsWorker).examples.example.Count | Should -BeGreaterThan 1
    }
}
