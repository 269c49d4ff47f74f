BeforeAll {
    . $PSScriptRoot/TestLab.ps1
    $nodes = New-TestSwarm 3
    $null = $nodes | New-EncryptedOverlay -Name pester-see -Unencrypted -WarningAction SilentlyContinue
    $null = $nodes | New-SwarmService -Name pester-lost -Image lab/busybox:latest -NoResolveImage -ArgumentList sleep, 600 -Constraint node.labels.nowhere==1 -NoWait -WarningAction SilentlyContinue
    $found = @($nodes | Get-SwarmFinding -SkipPacketTest)
    $file = Join-Path $TestDrive swarm.html
}

Describe 'Get-SwarmFinding' {
    It 'names a service that runs nowhere, and the next step' {
        $lost = $found | Where-Object Check -eq TasksMissing
        $lost.Subject | Should -Be 'pester-lost'
        $lost.Severity | Should -Be 'Critical'
        $lost.RecommendedAction | Should -Match 'Get-SwarmNode'
    }

    It 'is a table with the worst first' {
        $text = $found | Out-String -Width 160
        $text | Should -Match '(?s)Severity +Area +Subject +Finding.+Critical +Service +pester-lost'
    }

    It 'completes severities and areas' {
        (TabExpansion2 'Get-SwarmFinding -Severity Cr' -cursorColumn 29).CompletionMatches.CompletionText | Should -Be 'Critical'
    }
}

Describe 'Measure-SwarmFinding' {
    It 'gives the exit code of the worst finding' {
        $summary = $found | Measure-SwarmFinding
        $summary.ExitCode | Should -Be 2
        "$summary" | Should -Match '^CRITICAL - 1 critical'
    }

    It 'counts nothing, too' {
        (@() | Measure-SwarmFinding).ExitCode | Should -Be 0
        "$($null | Measure-SwarmFinding)" | Should -Be 'OK - 0 critical, 0 warnings, 0 unknown, 0 information'
    }
}

Describe 'Export-SwarmReport' {
    It 'writes nothing under -WhatIf, and into no directory that is missing' {
        $nodes | Export-SwarmReport -Path $file -WhatIf
        $file | Should -Not -Exist
        { $nodes | Export-SwarmReport -Path (Join-Path $TestDrive no such.html) } | Should -Throw -ErrorId 'ReportDirectoryMissing,*'
    }

    It 'writes a page that a later one is compared with' {
        $nodes | Export-SwarmReport -Path $file -SkipPacketTest -Title 'Pester & Co' | Should -BeNullOrEmpty
        Get-Content $file -Raw | Should -Match '<h1>Pester &amp; Co</h1>'
        $null = $nodes | Remove-SwarmService -Name pester-lost -Confirm:$false
        $report = $nodes | Export-SwarmReport -Path $file -SkipPacketTest -Compare $file -PassThru
        $report | Should -BeOfType SwarmOps.SwarmReport
        $text = Get-Content $file -Raw
        $text | Should -Match '0 findings are new, 1 is resolved'
        $text | Should -Match 'pester-lost</th><td data-l="Kind">Service</td><td data-l="Change">gone'
    }

    It 'keeps a file that it may not replace' {
        { $nodes | Export-SwarmReport -Path $file -NoClobber } | Should -Throw -ErrorId 'ReportFileExists,*'
    }

    It 'compares with nothing but a report' {
        Set-Content (Join-Path $TestDrive other.html) 'hello'
        { $nodes | Export-SwarmReport -Path $file -Compare (Join-Path $TestDrive other.html) } | Should -Throw -ErrorId 'ReportNotComparable,*'
        { $nodes | Export-SwarmReport -Path $file -Compare (Join-Path $TestDrive none.html) } | Should -Throw -ErrorId 'ReportNotReadable,*'
    }

    It 'wants two numbers for a place' {
        { $nodes | Export-SwarmReport -Path $file -Coordinate @{ 'dc-1' = 152.5, 13.4 } } | Should -Throw -ErrorId 'CoordinateInvalid,*'
    }
}

Describe 'Export-SwarmMetric' {
    It 'writes the text that it returns, with labels' {
        $path = Join-Path $TestDrive swarm.prom
        $text = $nodes | Export-SwarmMetric -Path $path -SkipPacketTest -Label @{ cluster = 'pester' } -PassThru
        Get-Content $path -Raw | Should -Be $text
        $text | Should -Match '(?m)^swarmops_managers_reachable\{cluster="pester"\} 3$'
        $text | Should -Match '# EOF\n$'
        Get-ChildItem $TestDrive -Filter *.tmp | Should -BeNullOrEmpty
    }

    It 'wants names that Prometheus takes' {
        { $nodes | Export-SwarmMetric -Path (Join-Path $TestDrive swarm.prom) -Label @{ 'a-b' = 1 } } | Should -Throw -ErrorId 'MetricLabelInvalid,*'
    }
}
