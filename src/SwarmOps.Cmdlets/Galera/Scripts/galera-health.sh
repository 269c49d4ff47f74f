#!/bin/bash
# The health check of a Galera node. SwarmOps stores this script as a config of the swarm.
# A waiting node is healthy, because only healthy tasks are in DNS and its peers must find it. A node in a state transfer is not; the retries last for days.
set -uo pipefail

readonly counter=/run/galera/disconnected history=/run/galera/history
readonly member=/var/lib/mysql/.swarmops-member joining=/var/lib/mysql/.swarmops-joining
# The first line of a file, or nothing. Starts no program, since the check runs every few seconds for years.
first_line() { REPLY=''; [[ ! -e $1 ]] || read -r <"$1" || true; }

# Writes atomically for concurrent readers.
write_if_new() {
    first_line "$1"
    [[ $REPLY == "$2" ]] || { printf '%s\n' "$2" >"$1.new" && mv "$1.new" "$1"; }
}

first_line /run/galera/phase
[[ $REPLY != waiting ]] || exit 0

if [[ ${GALERA_ROLE:-} == arbitrator ]]; then
    # A connection of group communication, port 4567, in either direction.
    grep -qE '^ *[0-9]+: [0-9A-F]+:(11D7 [0-9A-F]+:[0-9A-F]{4}|[0-9A-F]{4} [0-9A-F]+:11D7) 01' /proc/net/tcp && exit 0
    echo 'the arbitrator has no connection to any node'
    exit 1
fi

secret=${MARIADB_ROOT_PASSWORD_FILE:?}
statement="SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_cluster_status', 'wsrep_cluster_state_uuid', 'wsrep_last_committed')"
# The account for state transfers needs no password; root's may have been changed by SQL.
answer=$(MYSQL_PWD=$(<"$secret") timeout 5 mariadb -uroot --protocol=socket -NB -e "$statement" 2>/dev/null) ||
    answer=$(timeout 5 gosu mysql mariadb -umysql --protocol=socket -NB -e "$statement" 2>/dev/null) || answer=''
declare -A said=()
while read -r name value; do [[ -z $name ]] || said[$name]=$value; done <<<"$answer"
status=${said[wsrep_cluster_status]:-}
case $status in
    Primary)
        [[ ! -e $counter && ! -e $joining ]] || rm -f "$counter" "$joining"
        # For the start scripts of other nodes, and for this node's next start.
        uuid=${said[wsrep_cluster_state_uuid]:-}
        if [[ -n $uuid && $uuid != 00000000-* ]]; then
            write_if_new "$history" "$uuid:${said[wsrep_last_committed]:-}"
            write_if_new "$member" "$uuid"
        fi
        exit 0
        ;;
    Disconnected)
        # Such a node does not recover by itself (after a failed IST); after a restart it joins.
        first_line "$counter"
        count=$((${REPLY:-0} + 1))
        echo "$count" >"$counter"
        [[ $count -lt 2 ]] || kill -TERM 1
        ;;
esac
echo "the node is ${status:-not answering yet}"
exit 1
