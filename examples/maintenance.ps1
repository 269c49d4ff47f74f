# A check for cron or a systemd timer: brings back what is missing and says what asks for attention.
#   pwsh -NoProfile -NonInteractive -File maintenance.ps1 -Path fleet.json
# Exit code 0: all is well. 1: it failed; what to do is in the error stream. 2: done, but there are warnings.
param(
    # Nodes as New-SwarmNode made them: $nodes | ConvertTo-Json | Set-Content fleet.json
    [Parameter(Mandatory)] [string] $Path,
    [string] $Module = 'SwarmOps'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

try {
    Import-Module $Module
    $nodes = Get-Content -Raw $Path | ConvertFrom-Json | New-SwarmNode

    # A node that is down is an error of its own: the others are looked after all the same.
    $overlay = $nodes | Initialize-Swarm -ErrorAction SilentlyContinue -ErrorVariable +troubles |
        Join-SwarmAsWorker -ErrorAction SilentlyContinue -ErrorVariable +troubles |
        Step-SwarmPromotion -ErrorAction SilentlyContinue -ErrorVariable +troubles |
        New-EncryptedOverlay -Name internal -ErrorAction SilentlyContinue -ErrorVariable +troubles
    $swarm = Get-Swarm $nodes -ErrorAction SilentlyContinue -ErrorVariable +troubles
}
catch {
    [Console]::Error.WriteLine("$($_.FullyQualifiedErrorId): $_ $($_.ErrorDetails.RecommendedAction)")
    exit 1
}

foreach ($trouble in $troubles) {
    [Console]::Error.WriteLine("$($trouble.FullyQualifiedErrorId): $trouble $($trouble.ErrorDetails.RecommendedAction)")
}
if ($troubles -or -not $overlay) {
    exit 1
}
if ($swarm.Warnings) {
    $swarm.Warnings
    exit 2
}
"$($swarm.ReadyCount) of $($swarm.Nodes.Count) nodes ready, $($swarm.ReachableManagerCount) of $($swarm.ManagerCount) managers reachable."
exit 0
