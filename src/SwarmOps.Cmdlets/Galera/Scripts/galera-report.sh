#!/bin/bash
# What a Galera node knows of itself, as lines NAME<tab>VALUE. SwarmOps runs it inside the container.
set -uo pipefail

readonly data=/var/lib/mysql
line() { printf '%s\t%s\n' "$1" "$2"; }

line phase "$(cat /run/galera/phase 2>/dev/null)"
line position "$(sed -n 's/^position=//p' "$data/.swarmops-state" 2>/dev/null)"
[[ ! -e $data/.swarmops-bootstrap ]] || line marker yes
line size_kb "$(du -sk "$data" 2>/dev/null | cut -f1)"
line local "$(awk '/32 host LOCAL/ { print last } { last = $2 }' /proc/net/fib_trie | sort -u | paste -sd,)"
line dns "$(timeout 3 getent ahostsv4 "${WSREP_CLUSTER_DNSNAME:?}" | awk '{ print $1 }' | sort -u | paste -sd,)"
missing=
programs=(getent gosu mariadbd mariadb mariadb-backup socat)
[[ ${GALERA_ROLE:-} != arbitrator ]] || programs=(getent gosu garbd)
# An image that starts itself knows what it needs.
[[ -e /galera-start.sh ]] || programs=(getent mariadb)
for program in "${programs[@]}"; do
    command -v "$program" >/dev/null || missing+=" $program"
done
line missing "${missing# }"

if [[ ${GALERA_ROLE:-} == arbitrator ]]; then
    line connections "$(grep -cE '^ *[0-9]+: [0-9A-F]+:(11D7 [0-9A-F]+:[0-9A-F]{4}|[0-9A-F]{4} [0-9A-F]+:11D7) 01' /proc/net/tcp)"
    exit 0
fi

secret=${MARIADB_ROOT_PASSWORD_FILE:?}
error=$(mktemp)
MYSQL_PWD=$(<"$secret") timeout 8 mariadb -uroot --protocol=socket -NB \
    -e "SHOW GLOBAL STATUS LIKE 'wsrep\\_%'; SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_node_name', 'wsrep_node_address', 'wsrep_provider_options', 'version')" 2>"$error" ||
    line sql_error "$(head -n 1 "$error")"
rm -f "$error"
