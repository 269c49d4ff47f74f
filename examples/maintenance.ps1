# A check for cron or a systemd timer: restores what is missing and reports what needs attention.
#   pwsh -NoProfile -NonInteractive -File maintenance.ps1 -Path fleet.json
# Exit code 0: all is well. 1: failed; the error stream says what to do. 2: succeeded with warnings.
param(
    # Nodes from New-SwarmNode: $nodes | ConvertTo-Json | Set-Content fleet.json
    [Parameter(Mandatory)] [string] $Path,
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
    $swarm = Get-Swarm $nodes -ErrorAction SilentlyContinue -ErrorVariable +failures
}
catch {
    [Console]::Error.WriteLine("$($_.FullyQualifiedErrorId): $_ $($_.ErrorDetails.RecommendedAction)")
    exit 1
}

foreach ($failure in $failures) {
    [Console]::Error.WriteLine("$($failure.FullyQualifiedErrorId): $failure $($failure.ErrorDetails.RecommendedAction)")
}
if ($failures -or -not $overlay) {
    exit 1
}
if ($swarm.Warnings) {
    $swarm.Warnings
    exit 2
}
"$($swarm.ReadyCount) of $($swarm.Nodes.Count) nodes ready, $($swarm.ReachableManagerCount) of $($swarm.ManagerCount) managers reachable."
exit 0
