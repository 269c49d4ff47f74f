#!/bin/sh
# Starts Alertmanager. SwarmOps stores this script as a config of the swarm.
# By itself Alertmanager would tell the other one its address on the bridge, which is the same on every node; it needs the one in the overlay network.
set -eu
# Process 1 of a container ignores signals without a handler.
trap 'exit 143' TERM INT

readonly name="${ALERTMANAGER_NAME:?}" port="${ALERTMANAGER_GOSSIP_PORT:?}"

local_addresses() { awk '/32 host LOCAL/ { print last } { last = $2 }' /proc/net/fib_trie | sort -u; }
resolved() { { getent ahostsv4 "$name" || nslookup "$name"; } 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+){3}' | sort -u || true; }

own=''
while [ -z "$own" ]; do
    known=" $(resolved | tr '\n' ' ')"
    for address in $(local_addresses); do
        case $known in *" $address "*) own=$address ;; esac
    done
    [ -n "$own" ] || sleep 1
done
exec alertmanager "--cluster.advertise-address=$own:$port" "$@"
