#!/bin/sh
# Makes a swarm of a copied state in a scratch engine: a second process of this host's own engine, in network and mount namespaces of its own, without images, so that no task
# can start. The caller sets: dir (the work directory, with state.tar.gz), id, limit (seconds). Standard input: the manager's key without a lock, if it has one.
set -u
umask 077
: "${dir:?}" "${id:?}" "${limit:?}"
unable() { echo "$1" >&2; exit 69; }
fail() { echo "$1" >&2; [ -e "$trial/log" ] && grep -E 'level=(error|fatal)' "$trial/log" | tail -n 3 >&2; finish; exit 1; }
finish() {
    systemctl stop "swarmops-trial-$id.service" >/dev/null 2>&1
    rm -rf "$trial" "$run"
}
trial="$dir/trial"
# Short: the path of a socket has 107 characters at most.
run="/run/swarmops-trial-$id"
command -v docker >/dev/null || unable 'the docker program is not installed'
command -v unshare >/dev/null || unable 'unshare is not installed'
pid=$(systemctl show -p MainPID --value docker.service)
path=$(tr '\0' '\n' <"/proc/$pid/environ" | sed -n 's/^PATH=//p')
engine=$(readlink "/proc/$pid/exe") || unable 'the program of the engine was not found'
rm -rf "$trial"
mkdir -p "$trial/root/swarm" "$run" || exit 1
tar -C "$trial/root/swarm" -xzSf "$dir/state.tar.gz" || fail 'the state could not be unpacked'
rm -f "$trial/root/swarm/docker-state.json" "$trial/root/swarm/state.json"
key=$(cat)
[ -z "$key" ] || printf '%s\n' "$key" >"$trial/root/swarm/certificates/swarm-node.key"
echo '{}' >"$trial/daemon.json"
cat >"$trial/run.sh" <<EOF
PATH="$(dirname "$engine"):$path:\$PATH"
ip link set lo up
exec "$engine" --config-file "$trial/daemon.json" --data-root "$trial/root" --exec-root "$run" --pidfile "$run/pid" -H "unix://$run/socket" \
    --bridge none --iptables=false --ip6tables=false --userland-proxy=false --containerd-namespace "swarmops-trial" --containerd-plugins-namespace "swarmops-trial-plugins" >"$trial/log" 2>&1
EOF
systemd-run --quiet --collect --unit="swarmops-trial-$id" --property=RuntimeMaxSec="$limit" unshare --net --mount /bin/sh "$trial/run.sh" || fail 'the scratch engine could not be started'
ask() { timeout 60 docker -H "unix://$run/socket" "$@"; }
tries=150
until ask version >/dev/null 2>&1; do
    systemctl is-active --quiet "swarmops-trial-$id.service" || fail 'the scratch engine ended'
    tries=$((tries - 1))
    [ $tries -gt 0 ] || fail 'the scratch engine did not answer'
    sleep 0.2
done
said=$(ask swarm init --force-new-cluster --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:2377 2>&1) || fail "no swarm could be made of the state: $said"
tries=100
until ask node ls >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || fail 'the swarm in the scratch engine had no leader'
    sleep 0.2
done
list() {
    ask node ls --format 'node {{.ID}}' && ask service ls --format 'service {{.ID}}' && ask secret ls --format 'secret {{.ID}}' && ask config ls --format 'config {{.ID}}' \
        && ask network ls --no-trunc --filter scope=swarm --format 'network {{.ID}}'
}
list || fail 'the swarm in the scratch engine could not be listed'
finish
