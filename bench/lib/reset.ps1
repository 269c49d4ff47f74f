# Bare engines again between two runs.

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

# The engine is asked nothing about its swarm before it leaves: a manager whose peers have just left answers /info and /nodes after twenty seconds, because it asks its raft, which has lost its quorum.
$leaveSwarm = @'
curl -s --max-time 20 --unix-socket /run/docker.sock -X POST 'http://engine/swarm/leave?force=true' >/dev/null
[[ $(ask containers/json -d all=true) == '[]' ]] || docker ps -aq | xargs -r docker rm -fv >/dev/null 2>&1
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

# Makes all engines bare, and looks whether they are. To leave the swarm is the quick way; a host where that leaves something gets the way of the tests, which ends its engine.
function Reset-Engine([string] $Name, [object[]] $Hosts) {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $unclean = @(Invoke-OnHost $Name $Hosts ($listTraces + $leaveSwarm) | Where-Object Text)
    if ($unclean) {
        foreach ($one in $unclean) { Write-Host "    $($one.Host.name) gets its engine restarted: after it left its swarm there are still $($one.Text)" }
        $null = Invoke-OnHost $Name $unclean.Host (Get-Content (Join-Path $root tests reset-engine.sh) -Raw)
        $unclean = @(Invoke-OnHost $Name $unclean.Host "${listTraces}traces" | Where-Object Text)
    }
    $between.Reset += $clock.Elapsed.TotalSeconds
    if ($unclean) { throw "Engines are not bare: $(($unclean | ForEach-Object { "$($_.Host.name): $($_.Text)" }) -join '; ')." }
    Wait-Quiet
}
