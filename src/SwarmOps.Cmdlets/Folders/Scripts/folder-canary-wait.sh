#!/bin/sh
# Waits for test files: for each a line with its name, the host's uptime when it was seen, and its hash. Arguments: the time limit in seconds, the names.
cd /folder || exit 1
limit=$1
shift
read -r start rest </proc/uptime
while [ $# -gt 0 ]; do
    for name; do
        shift
        if [ -e "$name" ]; then
            read -r uptime rest </proc/uptime
            printf '%s %s %s\n' "$name" "$uptime" "$(sha256sum <"$name" | awk '{ print $1 }')"
        else
            set -- "$@" "$name"
        fi
    done
    [ $# -gt 0 ] || break
    read -r now rest </proc/uptime
    [ $((${now%%.*} - ${start%%.*})) -lt "$limit" ] || break
    sleep 0.05 2>/dev/null || sleep 1
done
