BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $swarm = New-TestSwarm
    $overlay = $swarm | New-EncryptedOverlay -Name pester-proof -Unencrypted -WarningAction SilentlyContinue
    $null = $swarm | New-EncryptedOverlay -Name pester-services -Unencrypted -NotAttachable -WarningAction SilentlyContinue
}

Describe 'Test-SwarmOverlay' {
    It 'gives an object a way, in both directions, with what was measured' {
        $paths = $overlay | Test-SwarmOverlay -WarningVariable warnings
        $paths.Count | Should -Be ($nodes.Count * ($nodes.Count - 1))
        $paths | ForEach-Object { $_ | Should -BeOfType ([SwarmOps.SwarmOverlayPath]) }
        @($paths.Result | Select-Object -Unique) | Should -Be 'Pass'
        ($paths.Latency | Measure-Object -Minimum).Minimum | Should -BeGreaterThan 0
        @($paths.LargestPacket | Select-Object -Unique) | Should -Be 1450
        $warnings | Should -BeNullOrEmpty
    }

    It 'is a bool for scripts' {
        $swarm | Test-SwarmOverlay -Name pester-proof -Quiet | Should -BeExactly $true
    }

    It 'is drawn as a matrix of senders and receivers' {
        $text = $overlay | Test-SwarmOverlay | Out-String -Width 120
        $text | Should -Match 'Overlay pester-proof: 6 of 6 paths work, round trips [\d.]+ to [\d.]+ ms'
        $text | Should -Match "from \\ to\s+$($nodes[0].Name)\s+$($nodes[1].Name)\s+$($nodes[2].Name)"
        $text | Should -Match "(?m)^$($nodes[1].Name)\s+\S*[\d.]+\S*\s+-\s+\S*[\d.]+\S*\s*$"
        $text | Should -Not -Match '->'
    }

    It 'is a line a way where a pipeline picked some, and a table where it is asked for' {
        $paths = $overlay | Test-SwarmOverlay
        $paths | Where-Object To -eq $nodes[2].Name | Out-String -Width 120 | Should -Match "$($nodes[0].Name)\s+-> $($nodes[2].Name)\s+\S*Pass"
        $paths | Format-Table | Out-String -Width 120 | Should -Match "(?m)^From\s+To\s+Result\s+Latency\s+Loss\s+Largest"
    }

    It 'is drawn as a table from an export' {
        $path = Join-Path $TestDrive 'paths.xml'
        $overlay | Test-SwarmOverlay | Export-Clixml -Path $path
        Import-Clixml -Path $path | Out-String -Width 120 | Should -Match "$($nodes[0].Name)\s+$($nodes[1].Name)\s+\S*Pass\S*\s+[\d.]+ ms\s+0 %\s+1450/1450"
    }

    It 'leaves no probe behind: the network can go at once' {
        $proven = $swarm | New-EncryptedOverlay -Name pester-gone -Unencrypted -Verify -WarningAction SilentlyContinue
        $proven.Name | Should -Be 'pester-gone'
        $proven | Remove-SwarmOverlay -Confirm:$false
        $swarm | Get-SwarmOverlay -Name 'pester-gone*' -SkipNatRepair | Should -BeNullOrEmpty
    }

    It 'says what to do: <case>' -ForEach @(
        @{ case = 'no such network'; name = 'pester-nowhere'; id = 'OverlayNotFound'; hint = 'Get-SwarmOverlay' }
        @{ case = 'a network for services only'; name = 'pester-services'; id = 'OverlayNotAttachable'; hint = 'NotAttachable' }
    ) {
        $failure = { $swarm | Test-SwarmOverlay -Name $name } | Should -Throw -ErrorId "$id,SwarmOps.Overlay.Proof.TestSwarmOverlayCommand" -PassThru
        $failure.ErrorDetails.RecommendedAction | Should -Match $hint
    }

    It 'needs two nodes' {
        { $swarm[0] | Test-SwarmOverlay -Name pester-proof } | Should -Throw -ErrorId 'TooFewNodesToTest,*'
    }

    It 'tests between the nodes that answer, and names the one that does not' {
        $dead = New-SwarmNode -Name $nodes[2].Name -PublicAddress $nodes[2].PublicAddress -Port 1 -KeyFilePath $lab.hosts[2].keyFile -HostKeyFingerprint $lab.hosts[2].hostKeyFingerprint
        $paths = $swarm[0], $swarm[1], $dead | Test-SwarmOverlay -Name pester-proof -WarningVariable warnings -WarningAction SilentlyContinue -ErrorAction Stop -ConnectionTimeoutSeconds 5
        @($warnings -like '*Continuing without it.') | Should -HaveCount 1
        $warnings -join ' ' | Should -Match $nodes[2].Name
        @($paths.Result) | Should -Be 'Pass', 'Pass'
    }
}
