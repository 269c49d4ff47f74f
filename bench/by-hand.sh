#!/usr/bin/env bash
# The same steps with the same waits as the pipeline of pipeline.ps1, over the docker CLI: what an admin's own script would be.
# Arguments: the number of managers, then one word a node, DOCKER_HOST,name,region,public address,private address; the first one is the initial manager.
# Prints the seconds of each stage as one line of JSON.
set -euo pipefail

field() { cut -d, -f"$2" <<<"$1"; }
on() {
    local node=$1
    shift
    docker -H "$(field "$node" 1)" "$@"
}

stages='' begun=$EPOCHREALTIME
stage_ends() {
    local now=$EPOCHREALTIME
    stages+="${stages:+, }\"$1\": $(awk "BEGIN { printf \"%.3f\", $now - $begun }")"
    begun=$now
}

managers=$1
shift
first=$1
manager=$(field "$first" 4)
on "$first" swarm init --advertise-addr "$manager" --listen-addr "$(field "$first" 5):2377" >/dev/null
until [ "$(on "$first" node ls --format '{{.ManagerStatus}}')" = Leader ]; do sleep 0.1; done
token=$(on "$first" swarm join-token -q worker)
stage_ends initialize

joins=()
for node in "${@:2}"; do
    on "$node" swarm join --token "$token" --advertise-addr "$(field "$node" 4)" --listen-addr "$(field "$node" 5):2377" "$manager:2377" >/dev/null &
    joins+=($!)
done
for join in "${joins[@]}"; do wait "$join"; done

for node in "$@"; do
    id=$(on "$node" info -f '{{.Swarm.NodeID}}')
    until [ "$(on "$first" node inspect -f '{{.Status.State}}' "$id")" = ready ]; do sleep 0.1; done
    on "$first" node update --label-add "region=$(field "$node" 3)" "$id" >/dev/null
done
stage_ends join

for node in "${@:2:managers-1}"; do
    id=$(on "$node" info -f '{{.Swarm.NodeID}}')
    on "$first" node promote "$id" >/dev/null
    until [ "$(on "$first" node inspect -f '{{if .ManagerStatus}}{{.ManagerStatus.Reachability}}{{end}}' "$id")" = reachable ]; do sleep 0.1; done
    until [ "$(on "$node" info -f '{{.Swarm.ControlAvailable}}')" = true ]; do sleep 0.1; done
done
stage_ends promote

on "$first" network create -d overlay --opt encrypted --attachable internal >/dev/null
stage_ends overlay
echo "{ $stages }"
