# The labs of the benchmarks: up, as the contenders see them, and bare again between two runs.

# Brings up a lab of hosts in three regions, and gives what `lab status` says of it. The path of that is in StatusPath.
function Start-BenchLab([string] $Name, [int] $Nodes = 3, [int] $Delay = 0, [string[]] $More = @()) {
    & $lab up --name $Name --hosts-per-region ([int] [System.Math]::Ceiling($Nodes / 3)) --delay $Delay --delay-admin $Delay @More | Out-Default
    if ($LASTEXITCODE -ne 0) { throw "'lab up' failed with exit code $LASTEXITCODE." }
    $path = Join-Path $work "$Name.json"
    & $lab status --name $Name --json | Set-Content $path
    if ($LASTEXITCODE -ne 0) { throw "'lab status' failed with exit code $LASTEXITCODE." }
    $status = Get-Content $path -Raw | ConvertFrom-Json
    # Regions take turns, so that the first hosts are spread over them, as managers should be. A lab may have more than are asked for.
    $hosts = @($status.hosts | Group-Object region | ForEach-Object { $place = 0; $_.Group | ForEach-Object { [pscustomobject]@{ Place = $place++; Host = $_ } } } | Sort-Object Place -Stable | ForEach-Object Host)
    $status.hosts = @($hosts | Select-Object -First $Nodes)
    $status | ConvertTo-Json -Depth 5 | Set-Content $path
    $status | Add-Member StatusPath $path -PassThru
}

function Stop-BenchLab([string] $Name) {
    & $lab down --name $Name | Out-Default
}

# The lab's own ssh, on a PATH of its own: it knows the lab's key, and keeps its connections open as a careful admin's does. Each run gets a folder of its own for them, and so opens them itself.
function New-SshFolder([object] $Status) {
    $folder = Join-Path $work ssh
    $ssh = Join-Path $folder ssh
    $null = New-Item -ItemType Directory -Path $folder -Force
    Set-Content $ssh "#!/bin/sh`nexec /usr/bin/ssh -F '$($Status.sshConfigFile)' -o ControlMaster=auto -o ControlPath=`"`$BENCH_SSH_CONTROL/%C`" -o ControlPersist=60 `"`$@`""
    chmod u+x $ssh
    $folder
}

# The path is short: a socket's must have at most 107 characters.
function New-ControlFolder {
    $folder = "/run/swarmops-bench-$PID-$([guid]::NewGuid().ToString('N').Substring(0, 6))"
    $null = New-Item -ItemType Directory -Path $folder
    $folder
}

# Ends the connections that a run has left open.
function Remove-ControlFolder([string] $Folder) {
    foreach ($socket in Get-ChildItem -LiteralPath $Folder -Force) {
        $null = & /usr/bin/ssh -o "ControlPath=$($socket.FullName)" -O exit nobody 2>&1
    }
    Remove-Item -LiteralPath $Folder -Recurse -Force
}

# What is left of a swarm on a host, one line each; nothing when its engine is bare. By curl: the docker CLI takes ten times as long.
$listTraces = @'
ask() { curl -sG --max-time 20 --unix-socket /run/docker.sock "http://engine/$1" "${@:2}"; }
traces() {
    local info
    info=$(ask info)
    [[ $info == *'"LocalNodeState":"inactive"'* ]] || echo 'the engine is not inactive'
    [[ $info == *'"Containers":0,'* ]] || echo containers
    [[ $(ask networks --data-urlencode 'filters={"driver":["overlay"]}') == '[]' ]] || echo 'overlay networks'
    [[ -z $(ip -br link show type vxlan) ]] || echo 'VXLAN devices'
    [[ -z $(ss -Hltun 'sport = :2377 or sport = :7946 or sport = :4789') ]] || echo 'ports of the swarm'
    [[ ! -e /etc/swarmops && ! -e /etc/systemd/system/swarmops-nat-repair.service ]] && ! nft list table inet swarmops >/dev/null 2>&1 || echo 'the NAT rule'
    [[ ! -e /run/lock/swarmops.lock ]] || echo 'a lock'
}

'@

# Makes all engines bare, and looks whether they are. To leave the swarm is the quick way; a host where that leaves something gets the way of the tests, which ends its engine.
function Reset-Engine([string] $Name, [object[]] $Hosts) {
    $leave = @'
[[ $(ask info) == *'"Containers":0,'* ]] || docker ps -aq | xargs -r docker rm -fv >/dev/null 2>&1
curl -s --max-time 20 --unix-socket /run/docker.sock -X POST 'http://engine/swarm/leave?force=true' >/dev/null
[[ ! -e /etc/systemd/system/swarmops-nat-repair.service ]] || systemctl disable --now swarmops-nat-repair >/dev/null 2>&1
rm -rf /etc/swarmops /etc/systemd/system/swarmops-nat-repair.service /run/lock/swarmops.lock
nft delete table inet swarmops 2>/dev/null
for try in {1..20}; do
    left=$(traces)
    [[ $left ]] || exit 0
    sleep 0.1
done
echo "$left"
'@
    $restart = Get-Content (Join-Path $root tests reset-engine.sh) -Raw
    $left = $Hosts | ForEach-Object -ThrottleLimit 10 -Parallel {
        $traces = & $using:lab exec --name $using:Name $_.name -- bash -c ($using:listTraces + $using:leave) 2>&1
        if ($traces) {
            Write-Host "    $($_.name) gets its engine restarted: after it left its swarm there are still $($traces -join ', ')"
            $null = & $using:lab exec --name $using:Name $_.name -- bash -c $using:restart 2>&1
            $traces = & $using:lab exec --name $using:Name $_.name -- bash -c "$($using:listTraces)traces" 2>&1
        }
        if ($traces) { "$($_.name): $($traces -join ', ')" }
    }
    if ($left) { throw "Engines are not bare: $($left -join '; ')." }
    Wait-Quiet
}

# How many runs began although other work kept the processors busy: what they measured is no measure, and the results say so.
$restless = @{ Starts = 0 }

# Waits until the processors have been idle for the most part of a third of a second: engines tidy up behind a command's back. After ten seconds the run begins all the same.
function Wait-Quiet {
    $deadline = [datetime]::UtcNow.AddSeconds(10)
    do {
        $before = Read-IdleTime
        Start-Sleep -Milliseconds 330
        $after = Read-IdleTime
        $busy = 1 - ($after.Idle - $before.Idle) / [System.Math]::Max(1, $after.All - $before.All)
    } while ($busy -gt 0.25 -and [datetime]::UtcNow -lt $deadline)
    if ($busy -gt 0.25) { $restless.Starts++ }
}

function Read-IdleTime {
    $ticks = [long[]] ((Get-Content /proc/stat -TotalCount 1) -split ' +')[1..8]
    [pscustomobject]@{ Idle = $ticks[3] + $ticks[4]; All = ($ticks | Measure-Object -Sum).Sum }
}

# That a contender has done what it says: all nodes ready, as many managers as were asked for, the overlay there and encrypted. Asked of the engine, by the docker CLI.
function Assert-Formed([object] $Status, [int] $ManagerCount) {
    $engine = "unix://$($Status.hosts[0].dockerSocket)"
    $nodes = @(& $Status.dockerCli -H $engine node ls --format '{{.Status}} {{.ManagerStatus}}')
    $ready = @($nodes -like 'Ready*').Count
    $managers = @($nodes -match 'Leader|Reachable').Count
    $encrypted = & $Status.dockerCli -H $engine network inspect -f '{{.Driver}} {{with .Options}}{{range $key, $value := .}}{{$key}} {{end}}{{end}}' internal
    if ($ready -ne $Status.hosts.Count -or $managers -ne $ManagerCount -or "$encrypted" -notmatch '^overlay .*\bencrypted\b') {
        throw "The swarm is not as asked for: $ready of $($Status.hosts.Count) nodes ready, $managers of $ManagerCount managers, overlay '$encrypted'."
    }
}
