#!/bin/sh
# Puts an unpacked swarm directory in the place of the present one, which is moved aside. $1: the swarm directory, $2: the work directory.
[ -d "$2/state" ] || { echo 'the unpacked state is missing' >&2; exit 1; }
if [ -e "$1/.swarmops-restored" ] && [ ! -e "$1/docker-state.json" ]; then
    # An earlier run put it there, and no engine has started a swarm of it (it would have written docker-state.json): a copy of the backup.
    rm -rf "$1" || exit 1
elif [ -d "$1" ] && [ -z "$(ls -A "$1")" ]; then
    rmdir "$1" || exit 1
elif [ -e "$1" ]; then
    mv "$1" "$1.before-restore-$(date -u +%Y%m%dT%H%M%SZ)" || exit 1
fi
mv "$2/state" "$1" && sync
