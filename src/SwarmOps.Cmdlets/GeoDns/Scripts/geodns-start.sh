#!/bin/sh
# Runs a name server (gdnsd). The containers of a host share the directory of its control socket: a new one takes the
# listening sockets over from the one that it replaces, so that no query is lost.
set -u
config=${GEODNS_CONFIG:-/etc/gdnsd}
own=${GEODNS_OWN:-/tmp}
child=

for program in gdnsd gdnsdctl mkfifo; do
    command -v "$program" >/dev/null || { echo "the image lacks $program" >&2; exit 127; }
done

stop() {
    trap - TERM INT
    if [ -n "$child" ]; then
        kill -TERM "$child" 2>/dev/null
        wait "$child"
    fi
    exit 0
}
trap stop TERM INT

# Only this line of the log says that this process answers queries: the control socket may still be the other container's.
watch_log() {
    while IFS= read -r line; do
        printf '%s\n' "$line"
        case $line in *'DNS listeners started'*) : >"$own/ready" ;; esac
    done
}

pause() {
    sleep "$1" &
    wait $!
}

rm -f "$own/log" "$own/ready"
mkfifo -m 600 "$own/log"
while :; do
    watch_log <"$own/log" &
    gdnsd -c "$config" -R start >"$own/log" 2>&1 &
    child=$!
    wait "$child"
    code=$?
    child=
    [ "$code" -eq 0 ] || exit "$code"
    # Another container has taken over, and the swarm is about to stop this one. If the other one ends first, this one goes on.
    failed=0
    while [ "$failed" -lt 3 ]; do
        pause 1
        if gdnsdctl -c "$config" -o -t 5 status >/dev/null 2>&1; then failed=0; else failed=$((failed + 1)); fi
    done
done
