#!/bin/sh
# Asks Syncthing's API in its own container, once for each argument, the path of a request. A record separator ends each answer.
key=$(cat /var/syncthing/swarmops-api-key) || exit 1
for path; do
    address=http://127.0.0.1:8384$path
    if command -v curl >/dev/null; then
        printf 'header = "X-API-Key: %s"\n' "$key" | curl -sS -f -m 20 -K - "$address"
    else
        wget -q -T 20 -O - --header "X-API-Key: $key" "$address"
    fi
    printf '\036'
done
