#!/bin/bash
# The health check of a Galera node; a config of the swarm, made by SwarmOps.
# A node that waits is healthy: a task is in DNS only then, and its peers must find it. A long state transfer is not: the check has very many tries.
set -uo pipefail

readonly counter=/run/galera/disconnected
[[ $(cat /run/galera/phase 2>/dev/null) != waiting ]] || exit 0

if [[ ${GALERA_ROLE:-} == arbitrator ]]; then
    # A connection of group communication, port 4567, in either direction.
    grep -qE '^ *[0-9]+: [0-9A-F]+:(11D7 [0-9A-F]+:[0-9A-F]{4}|[0-9A-F]{4} [0-9A-F]+:11D7) 01' /proc/net/tcp && exit 0
    echo 'the arbitrator has no connection to any node'
    exit 1
fi

secret=${MARIADB_ROOT_PASSWORD_FILE:?}
status=$(MYSQL_PWD=$(<"$secret") timeout 5 mariadb -uroot --protocol=socket -NB -e "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_status'" 2>/dev/null | cut -f2)
case $status in
    Primary)
        rm -f "$counter"
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
