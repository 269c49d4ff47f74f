# The suites that need a lab: the lab's own test, a short walk, the classes of the suite Lab and the files of the suite Pester take turns on a few labs.
# They mostly wait.

# The classes that also run on the lab's other engines, unless one engine or some tests are asked for; nightly runs everything on each. LeaveTests is about a defect of
# engines before 28.3.
$onOtherEngines = [ordered] @{
    '20.10' = 'GaleraFormationTests', 'OverlayTests', 'ServiceTests', 'PipelineTests', 'LeaveTests'
    '26.1'  = 'GaleraFormationTests', 'OverlayTests', 'ServiceTests', 'PipelineTests'
}
$engineOfLab = @{}

# Null when a lab can be made here, else the reason why not. Packages of Debian that are named are installed, too.
function Get-LabObstacle([string[]] $Packages = @()) {
    if (-not $IsLinux) {
        return 'the lab needs Linux.'
    }
    if (-not (Test-Path -LiteralPath $lab)) {
        return "there is no $lab."
    }
    if ([System.Environment]::UserName -ne 'root') {
        return 'the lab needs root: run it with sudo.'
    }
    & $lab deps @Packages | Out-Default
    if ($LASTEXITCODE -ne 0) {
        return "'lab/lab deps' failed with exit code $LASTEXITCODE."
    }
}

# Labs are named after the process that made them: one that was killed outright could not take its labs down.
function Remove-LeftLab {
    foreach ($left in & $lab list) {
        if ($left -match '^(?:b|selftest-)(\d+)\D?\w*$' -and -not (Test-Path "/proc/$($Matches[1])")) {
            & $lab down --name $left | Out-Default
        }
    }
}

function Invoke-LabSuites([string[]] $Suites) {
    $work = @(Get-LabWork $Suites)
    if (-not $work) {
        return
    }
    $obstacle = Get-LabObstacle
    if ($obstacle) {
        if ($work | Where-Object Kind -ne 'Pester') {
            Add-Failure 'Lab' $obstacle
        }
        if ($work | Where-Object Kind -eq 'Pester') {
            Invoke-PesterWithoutLab $obstacle
        }
        return
    }
    Remove-LeftLab
    $guests = @($work | Where-Object Kind -in 'Lab', 'Pester').Count
    $count = [System.Math]::Min($guests, $(if ($LabCount -gt 0) { $LabCount } else { 4 }))
    $names = [System.Collections.Generic.List[string]]::new()
    try {
        while ($names.Count -lt $count) {
            $name = "b${PID}x$($names.Count + 1)"
            $names.Add($name)
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            if (-not (Start-Lab $name $Engine)) {
                return
            }
            # Two labs keep a slow machine busy: more would only make all of them wait for it.
            if ($LabCount -eq 0 -and $watch.Elapsed.TotalSeconds -gt 12) {
                $count = [System.Math]::Min($count, 2)
            }
            if ('LabSelf' -in $Suites -and $names.Count -eq 1) {
                # The only moment at which nothing runs beside it. It takes 3 s, and 20 s where a program takes long to start.
                $fast = $watch.Elapsed.TotalSeconds -lt 60
                Write-Line "    $(if ($fast) { 'ok  ' } else { 'FAIL' })  three hosts are up in under 60 s"
                Add-Result 'LabSelf, time of up' ([int] $fast) ([int] -not $fast) 0 $watch
            }
        }
        Invoke-LabQueue $names $work
    }
    finally {
        foreach ($name in $names) {
            & $lab down --name $name | Out-Default
        }
        # What a test put up for itself, and was ended before it could take it down.
        Remove-LeftLab
    }
}

# Brings up a lab whose hosts run an engine; '' is the lab's default. Says whether it is up.
function Start-Lab([string] $Name, [string] $Version) {
    $asked = if ($Version) { '--engine', $Version }
    & $lab up --name $Name --delay "$LabDelay" @asked | Out-Default
    if ($LASTEXITCODE -ne 0) {
        Add-Failure 'Lab' "'lab/lab up --name $Name $asked' failed with exit code $LASTEXITCODE."
        return $false
    }
    $engineOfLab[$Name] = $Version
    $true
}

# All that takes a turn, what takes longest first: none of it should be alone at the end.
function Get-LabWork([string[]] $Suites) {
    $first = 'KillTests', 'GaleraCareTests', 'GaleraFormationTests', 'OverlayTests', 'PromotionTests', 'DemotionTests', 'ServiceTests', 'FolderTests', 'AwsPipelineTests',
        'SwarmRegionNode', 'Examples', 'Pipeline', 'StackTests', 'EdgeServiceTests'
    if ('LabSelf' -in $Suites) { New-LabWork 'LabSelf' 'selftest' $Engine }
    if ('Walk' -in $Suites -and -not $Filter) { New-LabWork 'Walk' 'walk' $Engine }
    $all = @(
        if ('Lab' -in $Suites) { Get-LabClass | ForEach-Object { New-LabWork 'Lab' $_ $Engine } }
        if ('Pester' -in $Suites) { Get-PesterFile | ForEach-Object { New-LabWork 'Pester' $_ $Engine } }
    )
    foreach ($name in $first) {
        $all | Where-Object Names -eq $name
    }
    $rest = @($all | Where-Object { $_.Names -notin $first })
    if (Test-LongRun) {
        $rest
    }
    else {
        Join-LabWork @($rest | Where-Object Kind -eq 'Lab')
        Join-LabWork @($rest | Where-Object Kind -eq 'Pester')
    }
    if ('Lab' -in $Suites -and -not $Engine -and -not $Filter) {
        # Each lab changes its engine once: these come last.
        foreach ($version in $onOtherEngines.Keys) {
            foreach ($name in $onOtherEngines[$version]) {
                $all | Where-Object { $_.Kind -eq 'Lab' -and $_.Names -eq $name } | ForEach-Object { New-LabWork 'Lab' $name $version }
            }
        }
    }
}

# One turn: classes of the suite Lab or files of the suite Pester that one process runs, on one lab.
function New-LabWork([string] $Kind, [string[]] $Names, [string] $Version) {
    [pscustomobject]@{ Kind = $Kind; Names = $Names; Engine = $Version }
}

# Whether tests run that take minutes: each class has a process of its own, and its own limit of time.
function Test-LongRun {
    [bool] ($Filter -or $env:SWARMOPS_LONG -or $env:SWARMOPS_KILL -or $env:SWARMOPS_OUTAGE -or $env:SWARMOPS_OVERLAY -or $env:SWARMOPS_GALERA)
}

# A process costs some 4 s of a processor until its first test, which is as much as a small class: a few share one.
function Join-LabWork([object[]] $Work) {
    for ($at = 0; $at -lt $Work.Count; $at += 4) {
        $together = $Work[$at..([System.Math]::Min($at + 3, $Work.Count - 1))]
        New-LabWork $together[0].Kind @($together | ForEach-Object Names) $together[0].Engine
    }
}

function Get-LabClass {
    & dotnet exec (Get-TestAssembly 'Lab') -list methods -noLogo -noColor |
        Where-Object { $_ -match "^SwarmOps\.Tests\.Lab\..*$([regex]::Escape($Filter))" } |
        ForEach-Object { $_.Split('.')[3] } | Select-Object -Unique |
        # What can happen to databases takes minutes: but for their formation it has its turn in the nightly run, or with a value here.
        Where-Object { $env:SWARMOPS_GALERA -or $_ -eq 'GaleraFormationTests' -or -not $_.StartsWith('Galera') }
}

# A few at a time: one on each lab. The lab's own test and the walk make labs of their own, in the turn of one that waits.
function Invoke-LabQueue([string[]] $Names, [object[]] $Work) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $waiting = [System.Collections.Generic.Queue[object]]::new($Work)
    $free = [System.Collections.Generic.Stack[string]]::new([string[]] @(if ($Names) { $Names } else { '' }))
    $running = [System.Collections.Generic.List[object]]::new()
    $sums = @{}
    foreach ($kind in 'Lab', 'Pester') {
        $sums[$kind] = [pscustomobject]@{ Passed = 0; Failed = 0; Skipped = 0 }
    }
    # Only kills at every call take this long: a hang must fail one class, not the run.
    $longest = [timespan]::FromMinutes($(if ($env:SWARMOPS_OUTAGE) { 240 } elseif ($env:SWARMOPS_KILL -or $env:SWARMOPS_GALERA) { 90 } else { 45 }))
    $busy = [bool] ($Work | Where-Object Kind -in 'Lab', 'Pester')
    try {
        while ($waiting.Count -gt 0 -or $running.Count -gt 0) {
            while ($waiting.Count -gt 0 -and $free.Count -gt 0) {
                $next = $waiting.Dequeue()
                $turnLab = $free.Pop()
                if ($turnLab -and $engineOfLab[$turnLab] -ne $next.Engine) {
                    & $lab down --name $turnLab | Out-Default
                    if (-not (Start-Lab $turnLab $next.Engine)) {
                        # What was to run there has not run; the other labs go on.
                        continue
                    }
                }
                $running.Add((Start-LabTurn $next $turnLab $busy))
            }
            if ($running.Count -eq 0 -and $waiting.Count -gt 0) {
                Add-Failure 'Lab' "no lab is left for $($waiting.Count) classes and files."
                break
            }
            Start-Sleep -Milliseconds 200
            foreach ($turn in @($running | Where-Object { $_.Watch.Elapsed -gt $longest -and -not $_.Process.HasExited })) {
                Write-Line "$($turn.Title) is ended after $($longest.TotalMinutes) minutes."
                Stop-LabTurn $turn
            }
            foreach ($turn in @($running | Where-Object { $_.Process.HasExited })) {
                $null = $running.Remove($turn)
                $free.Push($turn.Lab)
                switch ($turn.Kind) {
                    'LabSelf' { Complete-LabSelfTest $turn }
                    'Walk' { Complete-Walk $turn }
                    'Lab' { Complete-Turn $turn $sums.Lab (Read-XunitReport "Lab.$($turn.Title)" (Get-ReportPath "Lab.$($turn.File)") $turn.Process.ExitCode) }
                    'Pester' { Complete-Turn $turn $sums.Pester (Read-PesterReport $turn.Names $turn.Process.ExitCode) }
                }
            }
        }
    }
    finally {
        foreach ($turn in $running) {
            Stop-LabTurn $turn
        }
    }
    foreach ($kind in $Work.Kind | Where-Object { $sums.ContainsKey($_) } | Select-Object -Unique) {
        Add-Result $kind $sums[$kind].Passed $sums[$kind].Failed $sums[$kind].Skipped $watch
    }
}

function Start-LabTurn([object] $Work, [string] $Lab, [bool] $Busy) {
    $suffix = if ($Work.Engine) { "-$($Work.Engine)" }
    $file = "$($Work.Names[0].Replace('*', 'all'))$suffix"
    $command = switch ($Work.Kind) {
        'LabSelf' { Get-RepositoryPath lab/selftest; if ($env:SWARMOPS_LONG -ne 'all') { '--short' } }
        # The same walk each time, with a host that loses power in its second step; nightly takes others.
        'Walk' { 'dotnet'; Get-WalkArgument 2 'Off' 21 }
        'Pester' { $pwsh; Get-PesterArgument $Work.Names }
        'Lab' {
            'dotnet', 'exec', (Get-TestAssembly 'Lab'), '-noLogo', '-noColor', '-result-xml', (Get-ReportPath "Lab.$file")
            $Work.Names | ForEach-Object { '-class', "SwarmOps.Tests.Lab.$_" }
            if ($Filter) { '-method', "*$Filter*" }
            # What does not depend on the engine has been tested on the default one.
            if ($Work.Engine -and -not $Engine) { '-trait-', 'Engine=any' }
        }
    }
    $log = Join-Path $results "$($Work.Kind).$file.log"
    $start = [System.Diagnostics.ProcessStartInfo]::new('/bin/sh')
    # The output goes to a file: a reader in this script could not keep up with several programs.
    foreach ($word in @('-c', 'log=$1; shift; exec "$@" >"$log" 2>&1 </dev/null', 'sh', $log) + $command) {
        $start.ArgumentList.Add($word)
    }
    $start.Environment['SWARMOPS_LAB'] = $Lab
    $start.Environment['SWARMOPS_LAB_JSON'] = Join-Path $results "$Lab.json"
    $start.Environment['LAB_SELFTEST_BUSY'] = if ($Busy) { '1' } else { '' }
    $start.Environment['NO_COLOR'] = '1'
    # Each program lives for a minute: to count what it runs, in order to compile that once more, costs more than it gives (9 of 46 s of processor time).
    $start.Environment['DOTNET_TieredPGO'] = '0'
    $start.Environment['DOTNET_TC_CallCounting'] = '0'
    [pscustomobject]@{
        Kind = $Work.Kind; Names = $Work.Names; Title = "$($Work.Names -join ', ')$suffix"; File = $file; Lab = $Lab; Log = $log
        Watch = [System.Diagnostics.Stopwatch]::StartNew(); Process = [System.Diagnostics.Process]::Start($start)
    }
}

# The lab's own test and the walk take their labs down when they are asked to end.
function Stop-LabTurn([object] $Turn) {
    if (-not $Turn.Process.HasExited) {
        & kill -TERM $Turn.Process.Id
        if (-not $Turn.Process.WaitForExit(30000)) {
            $Turn.Process.Kill($true)
        }
    }
}

# Shows what a turn printed when not all of it passed, and adds its counts to those of its suite.
function Complete-Turn([object] $Turn, [object] $Sum, [object] $Counts) {
    if (-not $Counts -or $Counts.Failed -gt 0) {
        Write-Line (Get-Content -LiteralPath $Turn.Log -Raw)
    }
    if ($Counts) {
        Write-Line "    $($Turn.Title): passed $($Counts.Passed), failed $($Counts.Failed), skipped $($Counts.Skipped), in $(Format-Second $Turn.Watch.Elapsed) s"
        foreach ($count in 'Passed', 'Failed', 'Skipped') {
            $Sum.$count += $Counts.$count
        }
    }
}

function Complete-LabSelfTest([object] $Turn) {
    $counts = $null
    $code = $Turn.Process.ExitCode
    foreach ($line in Get-Content -LiteralPath $Turn.Log) {
        if ($line -match '^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$') {
            $counts = $Matches
        }
        elseif ($code -ne 0) {
            Write-Line $line
        }
    }
    if ($null -eq $counts) {
        Add-Failure 'LabSelf' "lab/selftest ended with exit code $code and counted nothing."
        return
    }
    $failed = [int] $counts[2]
    if ($code -ne 0 -and $failed -eq 0) {
        $failed = 1
        Write-Line "lab/selftest ended with exit code $code."
    }
    $skipped = if ($counts.ContainsKey(3)) { [int] $counts[3] } else { 0 }
    Add-Result 'LabSelf' ([int] $counts[1]) $failed $skipped $Turn.Watch
}

# A walk is one test; what it printed is shown when it found something.
function Complete-Walk([object] $Turn) {
    $passed = [int] ($Turn.Process.ExitCode -eq 0)
    if ($passed -eq 0) {
        Write-Line (Get-Content -LiteralPath $Turn.Log -Raw)
    }
    Add-Result 'Walk' $passed (1 - $passed) 0 $Turn.Watch
}
