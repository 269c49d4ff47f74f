# A check for cron or a systemd timer: restores what is missing, and ends with all that is or will be wrong, the worst first.
#   pwsh -NoProfile -NonInteractive -File maintenance.ps1 -Path fleet.json
# Exit code 0: all is well. 1: failed, or a finding is critical; the text says what to do. 2: succeeded, and findings need attention.
param(
    # Nodes from New-SwarmNode: $nodes | ConvertTo-Json | Set-Content fleet.json
    [Parameter(Mandatory)] [string] $Path,
    # Sends no packets between the nodes, which saves some seconds.
    [switch] $SkipPacketTest,
    [string] $Module = 'SwarmOps'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

try {
    Import-Module $Module
    $nodes = Get-Content -Raw $Path | ConvertFrom-Json | New-SwarmNode

    # A node that is down gives an error of its own; the other nodes are still processed.
    $overlay = $nodes | Initialize-Swarm -ErrorAction SilentlyContinue -ErrorVariable +failures |
        Join-SwarmAsWorker -ErrorAction SilentlyContinue -ErrorVariable +failures |
        Step-SwarmPromotion -ErrorAction SilentlyContinue -ErrorVariable +failures |
        New-EncryptedOverlay -Name internal -ErrorAction SilentlyContinue -ErrorVariable +failures
}
catch {
    # Without a swarm that could be completed, the findings below say what the nodes themselves tell.
    $failures = @($_)
}

foreach ($failure in $failures) {
    [Console]::Error.WriteLine("$($failure.FullyQualifiedErrorId): $failure $($failure.ErrorDetails?.RecommendedAction)")
}
if (-not (Test-Path variable:nodes)) {
    exit 1
}

try {
    $findings = @($nodes | Get-SwarmFinding -SkipPacketTest:$SkipPacketTest)
}
catch {
    [Console]::Error.WriteLine("$($_.FullyQualifiedErrorId): $_ $($_.ErrorDetails?.RecommendedAction)")
    exit 1
}

$open = @($findings | Where-Object Severity -gt Information)
$open | ForEach-Object { "$($_.Severity): $($_.Message) $($_.RecommendedAction)" }
$summary = $findings | Measure-SwarmFinding
"$summary"
if ($failures -or -not $overlay -or $summary.CriticalCount) {
    exit 1
}
exit ($open ? 2 : 0)
