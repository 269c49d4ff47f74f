BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $swarm = New-TestSwarm
    $overlay = $swarm | New-EncryptedOverlay -Name pester-proof -Unencrypted -WarningAction SilentlyContinue
    $null = $swarm | New-EncryptedOverlay -Name pester-services -Unencrypted -NotAttachable -WarningAction SilentlyContinue
}

Describe 'Test-SwarmOverlay' {
    It 'writes one object per path, in both directions, with what was measured' {
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

    It 'writes the paths by sender and receiver, in the order of the nodes' {
        $set = $swarm[2], $swarm[0], $swarm[1]
        $expected = foreach ($from in $set.Name) { foreach ($to in $set.Name) { if ($from -ne $to) { "$from -> ${to}: Pass" } } }
        $set | Test-SwarmOverlay -Name pester-proof | ForEach-Object ToString | Should -Be $expected
    }

    It 'is shown as a table, all of it and what a pipeline selects' {
        $paths = $overlay | Test-SwarmOverlay
        foreach ($shown in $paths, ($paths | Where-Object To -eq $nodes[2].Name)) {
            $text = $shown | Out-String -Width 120
            $text | Should -Match 'Overlay: pester-proof'
            $text | Should -Match '(?m)^\S*From\s+To\s+Result\s+Cause\s+Latency\s+Loss\s+Udp\s+Tcp\s+NameResolves\s+Largest'
            $text | Should -Match "(?m)^$($nodes[0].Name)\s+$($nodes[2].Name)\s+\S*Pass\S*\s+[\d.]+ ms\s+0 %\s+True\s+True\s+True\s+1450/1450\s*$"
        }
    }

    It 'is shown as a table from an export' {
        $path = Join-Path $TestDrive 'paths.xml'
        $overlay | Test-SwarmOverlay | Export-Clixml -Path $path
        Import-Clixml -Path $path | Out-String -Width 120 | Should -Match "$($nodes[0].Name)\s+$($nodes[1].Name)\s+\S*Pass\S*\s+[\d.]+ ms\s+0 %\s+True\s+True\s+True\s+1450/1450"
    }

    It 'is a matrix of senders and receivers where one asks for it' {
        $matrix = $overlay | Test-SwarmOverlay -Matrix
        $matrix | Should -BeOfType ([SwarmOps.SwarmOverlayMatrix])
        $matrix.PathCount, $matrix.PassCount, $matrix.FailCount, $matrix.NotTestedCount | Should -Be 6, 6, 0, 0
        $matrix.Rows.From | Should -Be $nodes.Name
        $matrix.Rows[0].($nodes[0].Name) | Should -BeNullOrEmpty
        $matrix.Rows[0].($nodes[1].Name) | Should -BeGreaterThan 0
        $matrix.Rows | Format-Table | Out-String -Width 120 | Should -Match "(?m)^\S*From\s+$($nodes[0].Name)\s+$($nodes[1].Name)\s+$($nodes[2].Name)"
        $text = $matrix | Out-String -Width 120
        $text | Should -Match 'Overlay pester-proof: 6 of 6 paths work, round trips [\d.]+ to [\d.]+ ms'
        $text | Should -Match "from \\ to\s+$($nodes[0].Name)\s+$($nodes[1].Name)\s+$($nodes[2].Name)"
        $text | Should -Match "(?m)^$($nodes[1].Name)\s+\S*[\d.]+\S*\s+-\s+\S*[\d.]+\S*\s*$"
    }

    It 'is one matrix for each network, also from an export' {
        $null = $swarm | New-EncryptedOverlay -Name pester-second -Unencrypted -WarningAction SilentlyContinue
        $matrices = @($swarm | Get-SwarmOverlay -Name pester-proof, pester-second -SkipNatRepair | Test-SwarmOverlay -Matrix)
        $matrices.Overlay | Sort-Object | Should -Be 'pester-proof', 'pester-second'
        $path = Join-Path $TestDrive 'matrix.xml'
        $matrices | Export-Clixml -Path $path
        $text = Import-Clixml -Path $path | Out-String -Width 120
        $text | Should -Match 'Overlay pester-second: 6 of 6 paths work'
        $text | Should -Match "(?m)^\S*From\s+$($nodes[0].Name)\s+$($nodes[1].Name)\s+$($nodes[2].Name)"
        $swarm | Remove-SwarmOverlay -Name pester-second -Confirm:$false
    }

    It 'takes only one of -Quiet and -Matrix' {
        $failure = { $swarm | Test-SwarmOverlay -Name pester-proof -Quiet -Matrix } | Should -Throw -ErrorId 'QuietMatrix,SwarmOps.Overlay.Proof.TestSwarmOverlayCommand' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'InvalidArgument'
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

    It 'tests between the nodes that answer, and lists the paths of the one that does not as not tested' {
        $dead = New-SwarmNode -Name $nodes[2].Name -PublicAddress $nodes[2].PublicAddress -Port 1 -KeyFilePath $lab.hosts[2].keyFile -HostKeyFingerprint $lab.hosts[2].hostKeyFingerprint
        $set = $swarm[0], $swarm[1], $dead
        $paths = $set | Test-SwarmOverlay -Name pester-proof -WarningVariable missing -WarningAction SilentlyContinue -ConnectionTimeoutSeconds 5
        @($missing) | Should -HaveCount 1
        $missing[0] | Should -BeLike "*'$($dead.Name)'*Continuing without it."
        $paths | Should -HaveCount 6
        @($paths | Where-Object Result -eq NotTested) | Should -HaveCount 4
        @($paths | Where-Object Result -eq Pass) | Should -HaveCount 2
        $paths | Where-Object { $dead.Name -in $_.From, $_.To } | ForEach-Object { $_.Result | Should -Be 'NotTested'; $_.Detail | Should -BeLike "*'$($dead.Name)'*" }
        $paths | Out-String -Width 120 | Should -Match "(?m)^$($nodes[0].Name)\s+$($dead.Name)\s+\S*NotTested\S*\s*$"
        $set | Test-SwarmOverlay -Name pester-proof -Quiet -WarningAction SilentlyContinue -ConnectionTimeoutSeconds 5 | Should -BeExactly $false
    }
}
