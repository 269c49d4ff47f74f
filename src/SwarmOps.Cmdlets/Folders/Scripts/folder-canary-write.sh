#!/bin/sh
# Writes a test file of the given name and size, and reports the host's uptime at that moment and the file's hash.
cd /folder || exit 1
find . -maxdepth 1 -name '.swarmops-canary-*' -mmin +60 -exec rm -f {} +
# Syncthing ignores files with such names, so the test file appears whole.
part=.syncthing.$1.tmp
head -c "$2" /dev/urandom >"$part" && mv "$part" "$1" || exit 1
read -r uptime rest </proc/uptime
printf '%s %s\n' "$uptime" "$(sha256sum <"$1" | awk '{ print $1 }')"
