# The benchmarks' own code: what they read, what they draw.
BeforeAll {
    . (Join-Path $PSScriptRoot .. .. bench lib common.ps1)
    . (Join-Path $PSScriptRoot .. .. bench lib picture.ps1)
}

Describe 'The figures of the benchmarks' {
    It 'have <Median> as the median of <Values>' -ForEach @(
        @{ Values = 3.0, 1.0, 2.0; Median = 2.0 }
        @{ Values = 4.0, 1.0, 2.0, 3.0; Median = 2.5 }
        @{ Values = @(5.0); Median = 5.0 }
    ) {
        Get-Median $Values | Should -Be $Median
    }

    It 'are written with a point, whatever the culture' {
        $culture = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = [System.Globalization.CultureInfo]::new('')
            [cultureinfo]::CurrentCulture.NumberFormat.NumberDecimalSeparator = ','
            Format-Number 1.25 2 | Should -Be '1.25'
        }
        finally {
            [cultureinfo]::CurrentCulture = $culture
        }
    }

    It 'take the stages of Ansible from the times of its tasks' {
        $output = @'
TASK [initialize: a swarm] *****
Monday 30 November 2026  07:00:00 +0000 (0:00:00.011)       0:00:00.011 *******
changed: [a]
TASK [initialize: it is the leader] *****
Monday 30 November 2026  07:00:01 +0000 (0:00:01.000)       0:00:01.011 *******
TASK [join: as workers] *****
Monday 30 November 2026  07:00:02 +0000 (0:00:01.500)       0:00:02.511 *******
PLAY RECAP *****
Monday 30 November 2026  07:00:05 +0000 (0:00:02.500)       0:00:05.011 *******
'@
        $stages = Read-AnsibleStage $output
        $stages.initialize | Should -Be 2.5
        [System.Math]::Round($stages.join, 3) | Should -Be 2.5
    }

    It 'count the calls that -Verbose tells of all nodes' {
        $told = Read-EngineCall 'a: 12 engine calls, 1 command', 'b: 1 engine call, 0 commands', 'something else'
        $told.Calls | Should -Be 13
        $told.Commands | Should -Be 1
    }
}

Describe 'The plan of the benchmarks' {
    It 'lets each round begin with another contender' {
        $turns = 'a', 'b', 'c' | ForEach-Object { New-Turn $_ socket 1 }
        (0..3 | ForEach-Object { (Get-RoundTurn $turns $_).Who -join '' }) | Should -Be 'abc', 'bca', 'cab', 'abc'
    }

    It 'lets some contenders take part in some rounds only' {
        $turns = (New-Turn often ssh 1), (New-Turn seldom socket 1 -Every 3)
        (0..3 | ForEach-Object { (Get-RoundTurn $turns $_).Who -join ' ' }) | Should -Be 'often seldom', 'often', 'often', 'seldom often'
    }

    It 'has at least seven rounds of the pipeline with three nodes, of all contenders that a target names' {
        foreach ($scenario in '3/0', '3/80') {
            Get-RoundCount $scenario 7 | Should -Be 7
        }
        (Get-Pipeline '3/0').Turns.Every | Select-Object -Unique | Should -Be 1
        (Get-Pipeline '3/80').Turns | Where-Object { $_.Every -eq 1 } | ForEach-Object { "$($_.Who) $($_.Way)" } | Should -Be 'SwarmOps ssh', 'docker CLI ssh'
    }

    It 'has fewer rounds where a run is long, and never more than were asked for' {
        Get-RoundCount '30/0' 7 | Should -Be 3
        Get-RoundCount '30/0' 2 | Should -Be 2
    }

    It 'counts each run and what lies between two of them' {
        $pipeline = Get-Pipeline '30/0'
        $once = ($pipeline.Turns | Measure-Object Seconds -Sum).Sum + $pipeline.Turns.Count * $pipeline.Between
        [System.Math]::Abs((Get-PipelineSecond '30/0' 1) - $once) | Should -BeLessThan 0.001
    }

    It 'names the scenarios that there are' {
        { Get-Pipeline '4/0' } | Should -Throw "*'4/0'*3/0, 3/80*"
    }

    It 'ends in under forty minutes, with three for the build' {
        180 + (Get-BenchStep | Measure-Object Seconds -Sum).Sum | Should -BeLessThan 2400
    }

    It 'calls scripts by parameters that they have' {
        foreach ($step in Get-BenchStep) {
            $parameters = (Get-Command (Join-Path $PSScriptRoot .. .. bench "$($step.Script).ps1")).Parameters.Keys
            @($step.With.Keys) + @(if ($step.Lab) { 'SharedLab' }) | Where-Object { $_ -notin $parameters } | Should -BeNullOrEmpty -Because $step.Name
        }
    }

    It 'comes back to no lab that has been taken down' {
        $labs = [System.Collections.Generic.List[string]]::new()
        foreach ($step in Get-BenchStep) {
            if (-not $labs.Count -or $labs[-1] -ne $step.Lab) { $labs.Add($step.Lab) }
        }
        $used = @($labs | Where-Object { $_ })
        $used | Select-Object -Unique | Should -HaveCount $used.Count
    }

    It 'says when each step should end, and what it took' {
        $steps = (New-Step one 65), (New-Step two 30 @{} lab 'a b')
        Get-PlanText $steps 5 | Should -Be 'step              expected   ends at', 'one                   1:05      1:10', 'two a b               0:30      1:40', '2 steps, 1:40 minutes expected.'
        $done = [pscustomobject]@{ Name = 'one'; Expected = 65; Seconds = 59.6; Outcome = 'done' }, [pscustomobject]@{ Name = 'two'; Expected = 30; Seconds = 0; Outcome = 'left out' }
        Get-OutcomeText $done 64 | Should -Be 'step              expected      took', 'one                   1:05      1:00', 'two                   0:30      0:00  left out', '2 steps, 1:04 minutes.'
    }

    It 'leaves a step out that would end after the budget: <Spent> s of <Minutes> minutes are spent' -ForEach @(
        @{ Spent = 60; Minutes = 2; Fits = $true }
        @{ Spent = 61; Minutes = 2; Fits = $false }
        @{ Spent = 9999; Minutes = 0; Fits = $true }
    ) {
        Test-Budget (New-Step one 60) $Spent $Minutes | Should -Be $Fits
    }
}

Describe 'The wait for a quiet machine' {
    It 'takes the share of the ticks that were not idle' {
        Get-BusyShare ([pscustomobject]@{ Idle = 100; All = 200 }) ([pscustomobject]@{ Idle = 130; All = 240 }) | Should -Be 0.25
    }

    It 'takes a machine without a tick for quiet' {
        $same = [pscustomobject]@{ Idle = 1; All = 2 }
        Get-BusyShare $same $same | Should -Be 0
    }

    It 'reads the ticks of this machine' -Skip:(-not $IsLinux) {
        $ticks = Read-IdleTime
        $ticks.Idle | Should -BeGreaterThan 0
        $ticks.All | Should -BeGreaterThan $ticks.Idle
    }
}

Describe 'A picture of the benchmarks' {
    BeforeAll {
        $points = [System.Collections.Generic.SortedDictionary[int, double]]::new()
        $points[3] = 2.0
        $points[30] = 9.5
        $bars = @([pscustomobject]@{ Name = 'a <b> & c'; Parts = [ordered] @{ start = 0.5; join = 1.5 } })
        $pictures = @{
            stages = [xml] (New-StageChart 'Stages & more' @([pscustomobject]@{ Title = 'sockets'; Bars = $bars }) 'start', 'join')
            nodes  = [xml] (New-NodeChart 'Stages & more' @([pscustomobject]@{ Name = 'a <b> & c'; Points = $points }))
        }
    }

    It 'of <_> says in words what it shows' -ForEach 'stages', 'nodes' {
        $svg = $pictures[$_].DocumentElement
        $svg.GetAttribute('role') | Should -Be 'img'
        foreach ($id in $svg.GetAttribute('aria-labelledby').Split(' ')) {
            $svg.ChildNodes | Where-Object { $_ -is [System.Xml.XmlElement] -and $_.GetAttribute('id') -eq $id } | Should -HaveCount 1
        }
        $svg.title.InnerText | Should -Be 'Stages & more'
        $svg.desc.InnerText | Should -Match 'a <b> & c'
        $svg.style | Should -Match 'prefers-color-scheme: dark'
    }

    It 'draws each stage as wide as it took long' {
        $widths = @($pictures.stages.SelectNodes('//*[local-name()="rect"][@height="20"]') | ForEach-Object { [double] $_.GetAttribute('width') + 1.5 })
        $widths | Should -HaveCount 2
        $widths[1] / $widths[0] | Should -BeGreaterThan 2.95
        $widths[1] / $widths[0] | Should -BeLessThan 3.05
    }

    It 'puts each point where its nodes and seconds are' {
        $circles = @($pictures.nodes.SelectNodes('//*[local-name()="circle"]'))
        $circles | Should -HaveCount 2
        [double] $circles[0].cx | Should -BeLessThan ([double] $circles[1].cx)
        [double] $circles[0].cy | Should -BeGreaterThan ([double] $circles[1].cy)
    }
}
