# The suites that need a lab: the lab's own test, a short walk, and each class of the suite Lab take turns on a few labs. They mostly wait.

# Null when a lab can be made here, else the reason why not. Packages of Debian that are named are installed, too.
function Get-LabObstacle([string[]] $Packages = @()) {
    if (-not $IsLinux) {
        return 'the lab needs Linux.'
    }
    if (-not [System.IO.File]::Exists($lab)) {
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

# A run that was killed outright could not take its labs down.
function Remove-LeftLab {
    foreach ($left in & $lab list) {
        if ($left -match '^(?:b|selftest-)(\d+)\D?\w*$' -and -not [System.IO.Directory]::Exists("/proc/$($Matches[1])")) {
            & $lab down --name $left | Out-Default
        }
    }
}

function Invoke-LabSuites([string[]] $Suites) {
    $pester = if ('Pester' -in $Suites) { Find-Pester }
    $ownTest = 'LabSelf' -in $Suites
    $walk = 'Walk' -in $Suites -and -not $Filter
    $classes = @(if ('Lab' -in $Suites) { Get-LabClass })
    if (-not ($ownTest -or $walk -or $classes -or $pester)) {
        return
    }
    $obstacle = Get-LabObstacle
    if ($obstacle) {
        Add-Failure 'Lab' $obstacle
        return
    }
    Remove-LeftLab
    $count = if ($classes) { [System.Math]::Min($classes.Count, $(if ($LabCount -gt 0) { $LabCount } else { 3 })) } elseif ($pester) { 1 } else { 0 }
    $names = [System.Collections.Generic.List[string]]::new()
    try {
        while ($names.Count -lt $count) {
            $name = "b${PID}x$($names.Count + 1)"
            $names.Add($name)
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            & $lab up --name $name --delay "$LabDelay" | Out-Default
            if ($LASTEXITCODE -ne 0) {
                Add-Failure 'Lab' "'lab/lab up' failed with exit code $LASTEXITCODE."
                return
            }
            # Two labs keep a slow machine busy: a third would only make all of them wait for it.
            if ($LabCount -eq 0 -and $watch.Elapsed.TotalSeconds -gt 12) {
                $count = [System.Math]::Min($count, 2)
            }
            if ($ownTest -and $names.Count -eq 1) {
                # The only moment at which nothing runs beside it. It takes 3 s, and 20 s where a program takes long to start.
                $fast = $watch.Elapsed.TotalSeconds -lt 60
                Write-Line "    $(if ($fast) { 'ok  ' } else { 'FAIL' })  three hosts are up in under 60 s"
                Add-Result 'LabSelf, time of up' ([int] $fast) ([int] -not $fast) 0 $watch
            }
        }
        Invoke-LabQueue $names.ToArray() $classes $ownTest $walk
        if ($pester) {
            $env:SWARMOPS_LAB = $names[0]
            Invoke-PesterSuite
        }
    }
    finally {
        $env:SWARMOPS_LAB = ''
        foreach ($name in $names) {
            & $lab down --name $name | Out-Default
        }
    }
}

# The test classes, those first that take longest: none of them should be alone at the end.
function Get-LabClass {
    $first = 'KillTests', 'GaleraCareTests', 'GaleraFormationTests', 'OverlayTests', 'PromotionTests', 'DemotionTests', 'ServiceTests', 'AwsPipelineTests'
    $seen = [System.Collections.Generic.HashSet[string]]::new()
    $all = @(& dotnet exec (Get-TestAssembly 'Lab') -list methods -noLogo -noColor |
        Where-Object { $_ -match "^SwarmOps\.Tests\.Lab\..*$([regex]::Escape($Filter))" } |
        ForEach-Object { $_.Split('.')[3] } | Where-Object { $seen.Add($_) } |
        # What can happen to databases takes minutes: but for their formation it has its turn in the nightly run, or with a value here.
        Where-Object { $env:SWARMOPS_GALERA -or $_ -eq 'GaleraFormationTests' -or -not $_.StartsWith('Galera') })
    $first | Where-Object { $_ -in $all }
    $all | Where-Object { $_ -notin $first }
}

# Runs the classes, the lab's own test and the walk, a few at a time: one on each lab. Those two make labs of their own, in the turn of one that waits.
function Invoke-LabQueue([string[]] $Names, [string[]] $Classes, [bool] $OwnTest, [bool] $Walk) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $waiting = [System.Collections.Generic.Queue[string]]::new([string[]] @(@(if ($OwnTest) { 'selftest' }; if ($Walk) { 'walk' }) + $Classes | Where-Object { $_ }))
    $free = [System.Collections.Generic.Stack[string]]::new([string[]] @(if ($Names) { $Names } else { '' }))
    $running = [System.Collections.Generic.List[object]]::new()
    $outcome = @{ Passed = 0; Failed = 0; Skipped = 0; FailedMethods = @() }
    # Only kills at every call take this long: a hang must fail one class, not the run.
    $longest = [timespan]::FromMinutes($(if ($env:SWARMOPS_OUTAGE) { 240 } elseif ($env:SWARMOPS_KILL -or $env:SWARMOPS_GALERA) { 90 } else { 45 }))
    $classesAtWork = $Classes.Count -gt 0
    try {
        while ($waiting.Count -gt 0 -or $running.Count -gt 0) {
            while ($waiting.Count -gt 0 -and $free.Count -gt 0) {
                $running.Add((Start-LabTurn $waiting.Dequeue() $free.Pop()))
            }
            [System.Threading.Thread]::Sleep(200)
            foreach ($work in $running | Where-Object { $_.Watch.Elapsed -gt $longest -and -not $_.Process.HasExited }) {
                Write-Line "$($work.Name) is ended after $($longest.TotalMinutes) minutes."
                Stop-LabWork $work
            }
            foreach ($work in @($running | Where-Object { $_.Process.HasExited })) {
                $null = $running.Remove($work)
                $free.Push($work.Lab)
                switch ($work.Name) {
                    'selftest' { Complete-LabSelfTest $work }
                    'walk' { Complete-Walk $work }
                    default { Complete-LabClass $work $outcome }
                }
            }
        }
    }
    finally {
        foreach ($work in $running) {
            Stop-LabWork $work
        }
    }
    if ($Classes) {
        Invoke-SecondTry $Names[0] $outcome
        Add-Result 'Lab' $outcome.Passed $outcome.Failed $outcome.Skipped $watch
    }
}

# Starts the lab's own test, a short walk, or a class.
function Start-LabTurn([string] $Name, [string] $Lab) {
    if ($Name -eq 'selftest') {
        return Start-LabWork $Name $Lab (Get-RepositoryPath 'lab/selftest') @(if ($env:SWARMOPS_LONG -ne 'all') { '--short' })
    }
    if ($Name -eq 'walk') {
        # The same walk each time, with a host that loses power in its second step; nightly takes others.
        return Start-LabWork $Name $Lab 'dotnet' (Get-WalkArgument 2 'Off' 21)
    }
    $arguments = @('exec', (Get-TestAssembly 'Lab'), '-noLogo', '-noColor', '-result-xml', (Get-ReportPath "Lab.$Name"), '-class', "SwarmOps.Tests.Lab.$Name")
    if ($Filter) {
        $arguments += '-method', "*$Filter*"
    }
    Start-LabWork $Name $Lab 'dotnet' $arguments
}

function Start-LabWork([string] $Name, [string] $Lab, [string] $Program, [object[]] $Arguments) {
    $log = [System.IO.Path]::Combine($results, "Lab.$Name.log")
    $start = [System.Diagnostics.ProcessStartInfo]::new('/bin/sh')
    # The output goes to a file: a reader in this script could not keep up with several programs.
    foreach ($word in @('-c', 'log=$1; shift; exec "$@" >"$log" 2>&1 </dev/null', 'sh', $log, $Program) + @($Arguments | Where-Object { $_ })) {
        $start.ArgumentList.Add("$word")
    }
    $start.Environment['SWARMOPS_LAB'] = $Lab
    $start.Environment['LAB_SELFTEST_BUSY'] = if ($classesAtWork) { '1' } else { '' }
    [pscustomobject]@{ Name = $Name; Lab = $Lab; Log = $log; Watch = [System.Diagnostics.Stopwatch]::StartNew(); Process = [System.Diagnostics.Process]::Start($start) }
}

# The lab's own test and the walk take their labs down when they are asked to end.
function Stop-LabWork([object] $Work) {
    if (-not $Work.Process.HasExited) {
        & kill -TERM $Work.Process.Id
        if (-not $Work.Process.WaitForExit(30000)) {
            $Work.Process.Kill($true)
        }
    }
}

function Get-Seconds([System.Diagnostics.Stopwatch] $Watch) {
    $Watch.Elapsed.TotalSeconds.ToString('0.0', [cultureinfo]::InvariantCulture)
}

function Complete-LabClass([object] $Work, [hashtable] $Outcome) {
    $class = Read-XunitReport "Lab.$($Work.Name)" (Get-ReportPath "Lab.$($Work.Name)") $Work.Process.ExitCode
    if (-not $class -or $class.Failed -gt 0) {
        Write-Line ([System.IO.File]::ReadAllText($Work.Log))
    }
    if ($class) {
        Write-Line "    $($Work.Name): passed $($class.Passed), failed $($class.Failed), skipped $($class.Skipped), in $(Get-Seconds $Work.Watch) s"
        foreach ($count in 'Passed', 'Failed', 'Skipped') {
            $Outcome[$count] += $class.$count
        }
        $Outcome.FailedMethods += $class.FailedMethods
    }
}

function Complete-LabSelfTest([object] $Work) {
    $counts = $null
    foreach ($line in [System.IO.File]::ReadAllLines($Work.Log)) {
        if ($line -match '^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$') {
            $counts = $Matches
        }
        elseif ($Work.Process.ExitCode -ne 0) {
            Write-Line $line
        }
    }
    $code = $Work.Process.ExitCode
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
    Add-Result 'LabSelf' ([int] $counts[1]) $failed $skipped $Work.Watch
}

# A walk is one test; what it printed is shown when it found something.
function Complete-Walk([object] $Work) {
    $passed = [int] ($Work.Process.ExitCode -eq 0)
    if ($passed -eq 0) {
        Write-Line ([System.IO.File]::ReadAllText($Work.Log))
    }
    Add-Result 'Walk' $passed (1 - $passed) 0 $Work.Watch
}

# Real engines of 20.10 get stuck now and then when they change roles under load: a few failures on the lab get one more try, in plain sight.
function Invoke-SecondTry([string] $Name, [hashtable] $Outcome) {
    $most = 8
    if ($Outcome.FailedMethods.Count -notin 1..$most) {
        return
    }
    Write-Line "--- Lab, second try of $($Outcome.FailedMethods.Count): $([string]::Join(', ', $Outcome.FailedMethods))"
    $env:SWARMOPS_LAB = $Name
    $again = Invoke-XunitProgram 'Lab' (Get-ReportPath 'Lab-again') $Outcome.FailedMethods
    if ($again) {
        $Outcome.Passed += [System.Math]::Max(0, $Outcome.Failed - $again.Failed)
        $Outcome.Failed = $again.Failed
    }
}
