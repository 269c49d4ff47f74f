# A scheduled look at a swarm: a runbook, a systemd timer or cron job runs it on any machine that reaches the nodes. One pass gives the page to open, with what changed since the last one,
# the line for the log, and the exit code that schedulers and monitoring plugins know: 0 well, 1 warning, 2 critical, 3 unknown.
#   -Inventory   JSON: the parameters of New-SwarmNode, without any secret
#   -PrivateKey  the SSH private key's text, from a vault
#   -Path        the page, which replaces the last one
param(
    [Parameter(Mandatory)] [string] $Inventory,
    [Parameter(Mandatory)] [securestring] $PrivateKey,
    [Parameter(Mandatory)] [string] $Path,
    [string] $Module = 'SwarmOps'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module $Module

try {
    $nodes = $Inventory | ConvertFrom-Json | New-SwarmNode -PrivateKey $PrivateKey
    $last = @{}
    if (Test-Path -LiteralPath $Path) {
        $last.Compare = $Path
    }
    $report = $nodes | Export-SwarmReport -Path $Path @last -PassThru
}
catch {
    # Nothing was seen, so nothing is known: that is no warning about the swarm.
    "UNKNOWN - $_ $($_.ErrorDetails?.RecommendedAction)"
    exit 3
}

$summary = $report.Findings | Measure-SwarmFinding
"$summary"
$report.Findings | Where-Object Severity -gt Information | ForEach-Object { "$($_.Severity): $($_.Message) $($_.RecommendedAction)" }
exit $summary.ExitCode
