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
