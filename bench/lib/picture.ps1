# Two pictures as SVG, from numbers alone: bars of stages, and lines over the number of nodes. They follow the reader's light or dark mode, and say in words what they show.

# Colours for light and dark backgrounds, each with at least 3:1 against it. What they tell is told without them, too: bars by their order, lines by their dashes and names.
$palettes = [ordered] @{
    ''                                    = @{ Back = '#ffffff'; Text = '#1f2328'; Quiet = '#59636e'; Grid = '#d1d9e0'; Series = '#818b98', '#0969da', '#1a7f37', '#bc4c00', '#8250df' }
    '@media (prefers-color-scheme: dark)' = @{ Back = '#0d1117'; Text = '#f0f6fc'; Quiet = '#9198a1'; Grid = '#3d444d'; Series = '#9198a1', '#58a6ff', '#3fb950', '#f0883e', '#bc8cff' }
}

# Light is the plain rule, without variables: not every program that shows SVG knows more.
function Get-PictureStyle {
    '<style>'
    'text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; } .title, .panel { font-weight: 600; } .title { font-size: 15px; } .quiet { font-size: 12px; }'
    '.line { fill: none; stroke-width: 2.5; stroke-linejoin: round; } .end { text-anchor: end; } .middle { text-anchor: middle; }'
    foreach ($media in $palettes.Keys) {
        $colours = $palettes[$media]
        $series = for ($index = 0; $index -lt $colours.Series.Count; $index++) { ".s$index { fill: $($colours.Series[$index]); } .l$index { stroke: $($colours.Series[$index]); }" }
        $rules = ".back { fill: $($colours.Back); } text { fill: $($colours.Text); } .quiet { fill: $($colours.Quiet); } .grid { stroke: $($colours.Grid); } $($series -join ' ')"
        if ($media) { "$media { $rules }" } else { $rules }
    }
    '</style>'
}

function ConvertTo-Xml([string] $Text) {
    [System.Security.SecurityElement]::Escape($Text)
}

function New-Svg([int] $Width, [int] $Height, [string] $Title, [string] $Description, [string[]] $Body) {
    @(
        "<svg xmlns=`"http://www.w3.org/2000/svg`" viewBox=`"0 0 $Width $Height`" width=`"$Width`" height=`"$Height`" role=`"img`" aria-labelledby=`"title description`">"
        "<title id=`"title`">$(ConvertTo-Xml $Title)</title>"
        "<desc id=`"description`">$(ConvertTo-Xml $Description)</desc>"
        Get-PictureStyle
        "<rect class=`"back`" width=`"$Width`" height=`"$Height`"/>"
        "<text class=`"title`" x=`"16`" y=`"26`">$(ConvertTo-Xml $Title)</text>"
        $Body
        '</svg>'
    ) -join "`n"
}

# A step for an axis of about five lines: 1, 2 or 5 times a power of ten.
function Get-AxisStep([double] $Largest) {
    $power = [System.Math]::Pow(10, [System.Math]::Floor([System.Math]::Log10($Largest / 5)))
    foreach ($factor in 1, 2, 5, 10) {
        if ($Largest / ($factor * $power) -le 6) { return $factor * $power }
    }
}

# Panels of bars: each panel has a Title and Bars; each bar a Name and Parts, an ordered dictionary of stage and seconds. Each panel has its own scale.
function New-StageChart([string] $Title, [object[]] $Panels, [string[]] $Stages) {
    $left = 116
    $width = 760
    $room = $width - $left - 76
    $y = 44
    $body = [System.Collections.Generic.List[string]]::new()
    $words = [System.Collections.Generic.List[string]]::new()
    $x = 16
    for ($index = 0; $index -lt $Stages.Count; $index++) {
        $body.Add("<rect class=`"s$index`" x=`"$x`" y=`"$y`" width=`"12`" height=`"12`" rx=`"2`"/><text class=`"quiet`" x=`"$($x + 18)`" y=`"$($y + 11)`">$(ConvertTo-Xml $Stages[$index])</text>")
        $x += 44 + 7 * $Stages[$index].Length
    }
    $y += 30
    foreach ($panel in $Panels) {
        $largest = ($panel.Bars | ForEach-Object { ($_.Parts.Values | Measure-Object -Sum).Sum } | Measure-Object -Maximum).Maximum
        $step = Get-AxisStep $largest
        $body.Add("<text x=`"16`" y=`"$($y + 14)`" class=`"panel`">$(ConvertTo-Xml $panel.Title)</text>")
        $words.Add("$($panel.Title):")
        $y += 26
        $bottom = $y + 28 * $panel.Bars.Count
        for ($tick = 0.0; $tick -le $largest; $tick += $step) {
            $x = [System.Math]::Round($left + $tick / $largest * $room, 1)
            $body.Add("<line class=`"grid`" x1=`"$x`" y1=`"$y`" x2=`"$x`" y2=`"$bottom`"/><text class=`"quiet middle`" x=`"$x`" y=`"$($bottom + 15)`">$([System.Math]::Round($tick, 2)) s</text>")
        }
        foreach ($bar in $panel.Bars) {
            $body.Add("<text class=`"end`" x=`"$($left - 8)`" y=`"$($y + 18)`">$(ConvertTo-Xml $bar.Name)</text>")
            $begin = 0.0
            foreach ($stage in $bar.Parts.Keys) {
                $from = $left + $begin / $largest * $room
                $wide = $bar.Parts[$stage] / $largest * $room
                # A gap of a point and a half tells neighbours apart.
                $shown = [System.Math]::Round([System.Math]::Max(0.5, $wide - 1.5), 1)
                $body.Add("<rect class=`"s$([array]::IndexOf($Stages, $stage))`" x=`"$([System.Math]::Round($from, 1))`" y=`"$($y + 4)`" width=`"$shown`" height=`"20`" rx=`"2`"><title>$(ConvertTo-Xml "$($bar.Name), ${stage}: $(Format-Number $bar.Parts[$stage] 2) s")</title></rect>")
                $begin += $bar.Parts[$stage]
            }
            $body.Add("<text x=`"$([System.Math]::Round($left + $begin / $largest * $room + 6, 1))`" y=`"$($y + 18)`">$(Format-Number $begin) s</text>")
            $words.Add("$($bar.Name) $(Format-Number $begin) s ($(($bar.Parts.Keys | ForEach-Object { "$_ $(Format-Number $bar.Parts[$_])" }) -join ', ')).")
            $y += 28
        }
        $y += 40
    }
    New-Svg $width ($y - 8) $Title ($words -join ' ') $body
}

# Lines of seconds over nodes: each has a Name and Points, an ordered dictionary of nodes and seconds.
function New-NodeChart([string] $Title, [object[]] $Lines) {
    $left, $top, $right, $bottom, $width, $height = 52, 48, 590, 330, 760, 384
    $dashes = '', '7 4', '2 4', '10 3 2 3', '4 2'
    $nodes = @($Lines | ForEach-Object { $_.Points.Keys } | Sort-Object -Unique)
    $most = ($nodes | Measure-Object -Maximum).Maximum
    $largest = ($Lines | ForEach-Object { $_.Points.Values } | Measure-Object -Maximum).Maximum
    $step = Get-AxisStep $largest
    $across = { param($node) [System.Math]::Round($left + $node / $most * ($right - $left), 1) }
    $down = { param($seconds) [System.Math]::Round($bottom - $seconds / $largest * ($bottom - $top), 1) }
    $body = [System.Collections.Generic.List[string]]::new()
    $words = [System.Collections.Generic.List[string]]::new()
    for ($tick = 0.0; $tick -le $largest; $tick += $step) {
        $y = & $down $tick
        $body.Add("<line class=`"grid`" x1=`"$left`" y1=`"$y`" x2=`"$right`" y2=`"$y`"/><text class=`"quiet end`" x=`"$($left - 8)`" y=`"$($y + 4)`">$([System.Math]::Round($tick, 2)) s</text>")
    }
    foreach ($node in $nodes) {
        $body.Add("<text class=`"quiet middle`" x=`"$(& $across $node)`" y=`"$($bottom + 18)`">$node</text>")
    }
    $body.Add("<text class=`"quiet middle`" x=`"$(($left + $right) / 2)`" y=`"$($bottom + 38)`">nodes</text>")
    # Names beside the lines' ends, from the lowest up, each at least a line of text above the last.
    $lowest = $bottom + 16
    $ordered = @(0..($Lines.Count - 1) | Sort-Object { @($Lines[$_].Points.Values)[-1] })
    foreach ($index in $ordered) {
        $line = $Lines[$index]
        $points = @($line.Points.Keys | ForEach-Object { "$(& $across $_),$(& $down $line.Points[$_])" })
        $dash = if ($dashes[$index]) { " stroke-dasharray=`"$($dashes[$index])`"" } else { '' }
        $body.Add("<polyline class=`"line l$index`" points=`"$($points -join ' ')`"$dash/>")
        foreach ($node in $line.Points.Keys) {
            $body.Add("<circle class=`"s$index`" cx=`"$(& $across $node)`" cy=`"$(& $down $line.Points[$node])`" r=`"4`"><title>$(ConvertTo-Xml "$($line.Name), $node nodes: $(Format-Number $line.Points[$node]) s")</title></circle>")
        }
        $last = @($line.Points.Keys)[-1]
        $lowest = [System.Math]::Min($lowest - 17, (& $down $line.Points[$last]) + 4)
        $body.Add("<text x=`"$([double] (& $across $last) + 10)`" y=`"$lowest`">$(ConvertTo-Xml $line.Name)</text>")
        $words.Add("$($line.Name): $(($line.Points.Keys | ForEach-Object { "$_ nodes $(Format-Number $line.Points[$_]) s" }) -join ', ').")
    }
    New-Svg $width $height $Title ($words -join ' ') $body
}
