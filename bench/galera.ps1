# New-GaleraService on three nodes, from nothing to three Synced servers, and where its time goes: by the engines' events, and by the servers' own logs. The servers' images are on the hosts, as
# after a first pull. A plain overlay, for kernels without ESP. Needs root, as the lab does.
param(
    [int] $Rounds = 2,

    # A lab that stays up, for what is measured next on it.
    [string] $SharedLab = ''
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1
. $PSScriptRoot/lib/timeline.ps1
Import-Module $env:SWARMOPS_MODULE
$name = if ($SharedLab) { $SharedLab } else { 'benchgalera' }

# What the servers' logs say of their states and transfers, with the engine's time.
function Read-ServerLog([object] $Status, [datetime] $Begun) {
    foreach ($labHost in $Status.hosts) {
        $engine = "unix://$($labHost.dockerSocket)"
        foreach ($container in & $Status.dockerCli -H $engine ps -q -f name=galera) {
            foreach ($line in & $Status.dockerCli -H $engine logs -t $container 2>&1 | ForEach-Object { "$_" }) {
                if ($line -notmatch '^(?<at>\S+) .*?(?<what>Shifting \w+ -> \w+|State transfer .*(required|complete)|ready for connections|Initializing database files|Temporary server (started|stopped))') { continue }
                $what = $Matches.what
                $at = [datetime]::Parse($Matches.at, [cultureinfo]::InvariantCulture, [System.Globalization.DateTimeStyles] 'AdjustToUniversal')
                [pscustomobject]@{ At = ($at - $Begun).TotalSeconds; Node = $labHost.name; What = $what }
            }
        }
    }
}

# Services, what they were given, their data.
function Clear-Galera([object] $Status) {
    $docker = $Status.dockerCli, '-H', "unix://$($Status.hosts[0].dockerSocket)"
    $all = { param($words) & $docker[0] $docker[1] $docker[2] @words }
    & $all @('service', 'ls', '-q') | ForEach-Object { $null = & $all @('service', 'rm', $_) }
    $null = $Status.hosts | ForEach-Object -Parallel {
        & $using:lab exec --name $using:name $_.name -- sh -c 'for try in $(seq 200); do pkill -9 "mariadbd|garbd"; [ -n "$(docker ps -q)" ] || break; sleep 0.3; done; rm -rf /srv/mysql*'
    }
    foreach ($kind in 'secret', 'config') {
        & $all @($kind, 'ls', '-q') | ForEach-Object { $null = & $all @($kind, 'rm', $_) }
    }
}

try {
    $status = Start-BenchLab $name
    & $lab image load --name $name all mariadb | Out-Default
    if ($LASTEXITCODE -ne 0) { throw "'lab image load' failed with exit code $LASTEXITCODE." }
    $nodes = @(Get-LabNode $status.StatusPath | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest | Step-SwarmPromotion -SkipReachabilityTest)
    $overlay = $nodes | New-EncryptedOverlay -Name internal -Unencrypted -WarningAction SilentlyContinue
    $runs = foreach ($round in 1..[System.Math]::Min($Rounds, 3)) {
        Clear-Galera $status
        Wait-Quiet
        $timeline = Start-Timeline $status
        try {
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $cluster = $overlay | New-GaleraService -Image lab/mariadb:10.11 -NoResolveImage -WarningAction SilentlyContinue
            $seconds = $clock.Elapsed.TotalSeconds
        }
        finally {
            $events = @(Stop-Timeline $timeline)
        }
        if ("$($cluster.Status)" -ne 'Healthy') { throw "The cluster is $($cluster.Status)." }
        $events = @($events) + @(Read-ServerLog $status $timeline.Begun) | Sort-Object At
        Write-Host "    round ${round}: $(Format-Number $seconds) s"
        [pscustomobject]@{ Seconds = $seconds; Timeline = @($events) }
    }
    $median = Get-Median $runs.Seconds
    # The run in the middle stands for all.
    $shown = $runs | Sort-Object { [System.Math]::Abs($_.Seconds - $median) } | Select-Object -First 1
    Save-Result 'galera' $status.hosts[0].engineVersion @{ Rounds = @($runs).Count; Seconds = $median; Runs = @($runs.Seconds); Timeline = $shown.Timeline }
    "New-GaleraService: $(Format-Number $median) s, median of $(@($runs).Count). One run:"
    foreach ($event in $shown.Timeline) { '{0,7} s  {1,-14} {2}' -f (Format-Number $event.At 2), $event.Node, $event.What }
}
finally {
    if (-not $SharedLab) { Stop-BenchLab $name }
}
