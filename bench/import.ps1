# What a session pays before its first real work: a PowerShell that does nothing, one that imports the module, one that also describes a node, and, with -DockerHost (a
# manager's endpoint), one that also lists its swarm. They take turns; medians. With -Baseline, another build of the module takes part.
param(
    [ValidateRange(1, 1000)] [int] $Rounds = 15,
    [string] $Baseline,
    [string] $DockerHost
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1

function Measure-Start([string] $Step, [string] $Module) {
    $arguments = '-NoProfile', '-NonInteractive', '-File', (Join-Path $PSScriptRoot lib import.ps1), '-Step', $Step, '-Module', $Module, '-DockerHost', $DockerHost
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $output = & $env:SWARMOPS_PWSH @arguments 2>&1
    $seconds = $clock.Elapsed.TotalMilliseconds
    if ($LASTEXITCODE -ne 0) { throw "$Step failed: $output" }
    , (@($seconds) + ([string] @($output)[-1]).Split(' '))
}

$modules = [ordered]@{ '' = $env:SWARMOPS_MODULE }
if ($Baseline) { $modules['baseline: '] = $Baseline }
$steps = [ordered]@{ Import = 'import'; Describe = 'import, New-SwarmNode' }
if ($DockerHost) { $steps['Ask'] = 'import, Get-SwarmNode' }

$contenders = [ordered]@{ 'empty' = 'Empty', '' }
foreach ($name in $modules.Keys) {
    foreach ($step in $steps.Keys) { $contenders["$name$($steps[$step])"] = $step, $modules[$name] }
}

# The first start of each reads files that the others find in memory.
$runs = @{}
foreach ($contender in $contenders.Keys) {
    $runs[$contender] = [System.Collections.Generic.List[object]]::new()
    $null = Measure-Start $contenders[$contender][0] $contenders[$contender][1]
}
foreach ($round in 1..$Rounds) {
    foreach ($contender in $contenders.Keys) { $runs[$contender].Add((Measure-Start $contenders[$contender][0] $contenders[$contender][1])) }
}

"Median of $Rounds rounds, taking turns. PowerShell $($PSVersionTable.PSVersion)."
'{0,-32} {1,11} {2,11} {3,11} {4,11} {5,11} {6,11}' -f '', 'process ms', 'import ms', 'cmdlet ms', 'set MB', 'peak MB', 'own MB'
foreach ($contender in $contenders.Keys) {
    $median = foreach ($column in 0..5) { Format-Number (Get-Median @($runs[$contender] | ForEach-Object { [double] $_[$column] })) }
    '{0,-32} {1,11} {2,11} {3,11} {4,11} {5,11} {6,11}' -f (@($contender) + $median)
}
