#!/bin/bash
# The health check of a Galera node; a config of the swarm, made by SwarmOps.
# A node that waits is healthy: a task is in DNS only then, and its peers must find it. A long state transfer is not: the check has very many tries.
set -uo pipefail

readonly counter=/run/galera/disconnected member=/var/lib/mysql/.swarmops-member
[[ $(cat /run/galera/phase 2>/dev/null) != waiting ]] || exit 0

if [[ ${GALERA_ROLE:-} == arbitrator ]]; then
    # A connection of group communication, port 4567, in either direction.
    grep -qE '^ *[0-9]+: [0-9A-F]+:(11D7 [0-9A-F]+:[0-9A-F]{4}|[0-9A-F]{4} [0-9A-F]+:11D7) 01' /proc/net/tcp && exit 0
    echo 'the arbitrator has no connection to any node'
    exit 1
fi

secret=${MARIADB_ROOT_PASSWORD_FILE:?}
statement="SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_cluster_status', 'wsrep_cluster_state_uuid', 'wsrep_last_committed')"
# The account of state transfers needs no password: root's may have been changed by SQL.
answer=$(MYSQL_PWD=$(<"$secret") timeout 5 mariadb -uroot --protocol=socket -NB -e "$statement" 2>/dev/null) ||
    answer=$(timeout 5 gosu mysql mariadb -umysql --protocol=socket -NB -e "$statement" 2>/dev/null) || answer=''
value() { awk -v name="$1" '$1 == name { print $2 }' <<<"$answer"; }
status=$(value wsrep_cluster_status)
case $status in
    Primary)
        rm -f "$counter" /var/lib/mysql/.swarmops-joining
        # What the start scripts of other nodes ask for, and what this node's own next start has to know.
        uuid=$(value wsrep_cluster_state_uuid)
        if [[ $uuid != 00000000-* ]]; then
            printf '%s:%s\n' "$uuid" "$(value wsrep_last_committed)" >/run/galera/history.new && mv /run/galera/history.new /run/galera/history
            [[ $(cat "$member" 2>/dev/null) == "$uuid" ]] || { printf '%s\n' "$uuid" >"$member.new" && mv "$member.new" "$member"; }
        fi
        exit 0
        ;;
    Disconnected)
        # Such a node never comes back by itself (a failed incremental transfer leaves it so); started anew it joins.
        count=$(($(cat "$counter" 2>/dev/null || echo 0) + 1))
        echo "$count" >"$counter"
        [[ $count -lt 2 ]] || kill -TERM 1
        ;;
esac
echo "the node is ${status:-not answering yet}"
exit 1
