#!/bin/sh
# Copies the swarm directory, without what belongs to this machine only: the tasks' own state (worker) and sockets. $1: the swarm directory, $2: the work directory.
cd "$1" || exit 1
if [ ! -d raft ] || [ ! -e certificates/swarm-node.key ]; then
    echo 'the swarm directory holds no raft log' >&2
    exit 1
fi
tar -S --exclude=./worker --exclude='*.sock' -cf "$2/state.tar" .
