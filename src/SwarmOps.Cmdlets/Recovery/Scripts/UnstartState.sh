#!/bin/sh
# Keeps an engine from starting its swarm by itself, so that it can make a new cluster of the state. $1: the swarm directory, $2: the work directory, with the manager's key without
# its lock, if it had one.
if [ -e "$1/docker-state.json" ]; then
    mv "$1/docker-state.json" "$1/docker-state.json.before-repair" || exit 1
fi
rm -f "$1/state.json"
if [ -e "$2/key" ]; then
    key="$1/certificates/swarm-node.key"
    cat "$2/key" >"$key.new" || exit 1
    chmod 600 "$key.new" || exit 1
    mv "$key.new" "$key" || exit 1
fi
sync
