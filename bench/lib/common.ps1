# What the benchmarks have in common; dot-sourced by them.

$root = Join-Path $PSScriptRoot .. .. | Convert-Path
$lab = Join-Path $root lab lab
$work = Join-Path $root artifacts bench
$null = New-Item -ItemType Directory -Path $work -Force
. (Join-Path $root lab nodes.ps1)
foreach ($part in 'labs', 'reset', 'quiet', 'results', 'contenders', 'plan') {
    . (Join-Path $PSScriptRoot "$part.ps1")
}

# The middle value; of an even number the mean of the two in the middle.
function Get-Median([double[]] $Values) {
    $sorted = @($Values | Sort-Object)
    $middle = [System.Math]::Floor($sorted.Count / 2)
    if ($sorted.Count % 2) { $sorted[$middle] } else { ($sorted[$middle - 1] + $sorted[$middle]) / 2 }
}

function Format-Number([double] $Value, [int] $Digits = 1) {
    $Value.ToString("F$Digits", [cultureinfo]::InvariantCulture)
}

# Runs a program: its seconds, its output, and the last line of that, which the programs of the benchmarks write as JSON. Throws when it fails.
function Measure-Program([string] $Program, [string[]] $Arguments, [hashtable] $Environment = @{}) {
    # Into files: of a pipe the ssh that a program leaves in the background may hold the other end.
    $log = Join-Path $work "program-$PID"
    $start = [System.Diagnostics.ProcessStartInfo]::new('/bin/sh')
    foreach ($word in @('-c', 'log=$1; shift; exec "$@" >"$log.out" 2>"$log.err" </dev/null', 'sh', $log, $Program) + $Arguments) { $start.ArgumentList.Add($word) }
    foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $process = [System.Diagnostics.Process]::Start($start)
    try {
        $ended = $process.WaitForExit(300000)
        $seconds = $clock.Elapsed.TotalSeconds
        $output = [string] (Get-Content "$log.out" -Raw)
        if (-not $ended) { throw "'$Program' has not ended after five minutes: $output" }
        if ($process.ExitCode -ne 0) { throw "'$Program' failed with exit code $($process.ExitCode): $(Get-Content "$log.err" -Raw)$output" }
        [pscustomobject]@{ Seconds = $seconds; Output = $output; LastLine = [string] ($output.TrimEnd() -split "`n")[-1] }
    }
    finally {
        if (-not $process.HasExited) { $process.Kill($true) }
        $process.Dispose()
        Remove-Item "$log.*"
    }
}

# Engine calls and commands on all nodes, as -Verbose tells them.
function Read-EngineCall([object[]] $Lines) {
    $calls = 0
    $commands = 0
    foreach ($line in $Lines | ForEach-Object { "$_" }) {
        if ($line -match ': (\d+) engine calls?, (\d+) commands?\b') { $calls += [int] $Matches[1]; $commands += [int] $Matches[2] }
    }
    [pscustomobject]@{ Calls = $calls; Commands = $commands }
}
