#!/bin/bash
# Streams a backup of this node's database, compressed, to a port of its own loopback address, while GaleraDesync.sh keeps the node desynced. Prints lines NAME<tab>VALUE.
set -uo pipefail
readonly state=/run/galera/backup-desync streaming=/run/galera/backup-stream

fail() {
    printf '[SwarmOps]: %s\n' "$1" >&2
    exit "${2:-1}"
}
stamp() { [[ -r /proc/$1/stat ]] && printf '%s:%s' "$1" "$(sed 's/^.*) //' "/proc/$1/stat" | cut -d ' ' -f 20)"; }
lives() { [[ -n ${1:-} && $(stamp "${1%%:*}" 2>/dev/null) == "$1" ]]; }

for program in mariadb-backup socat gzip mktemp nice; do
    command -v "$program" >/dev/null || fail "the image lacks $program"
done
if [[ -n ${GALERA_SQL_USER:-} ]]; then
    user=$GALERA_SQL_USER
    export MYSQL_PWD=${GALERA_SQL_PASSWORD:-}
else
    user=root
    MYSQL_PWD=$(<"${MARIADB_ROOT_PASSWORD_FILE:?}")
    export MYSQL_PWD
fi
sql() { timeout 60 mariadb --protocol=socket -u"$user" -NB -e "$1"; }

keeper='' run='' word='' rest=''
for _ in {1..300}; do
    read -r keeper run word rest 2>/dev/null <"$state" || { keeper=''; run=''; }
    if [[ $run == "${GALERA_RUN:?}" ]]; then
        case $word in
            on | kept) break ;;
            failed) fail "the node could not be desynced: $rest" ;;
        esac
    elif lives "$keeper"; then
        fail 'another backup of this node is running' 75
    fi
    sleep 0.2
done
[[ $run == "$GALERA_RUN" && ($word == on || $word == kept) ]] || fail 'the node could not be desynced within 60 s'
if ! { printf '%s %s\n' "$(stamp $$)" "$GALERA_RUN" >"$streaming.new" && mv "$streaming.new" "$streaming"; }; then
    fail 'the state of the backup could not be written'
fi

target=$(mktemp -d) || fail 'the temporary directory could not be created'
finish() {
    rm -rf "$target"
    # What puts the node back was killed.
    if [[ $word == on ]] && ! lives "$keeper"; then
        sql 'SET GLOBAL wsrep_desync = OFF' && rm -f "$state" "$streaming"
    fi
}
trap finish EXIT
trap 'exit 143' TERM INT HUP
printf 'version\t%s\n' "$(sql 'SELECT VERSION()')"
printf 'position\t%s\n' "$(sql "SELECT CONCAT(
    (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'wsrep_cluster_state_uuid'), ':',
    (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'wsrep_last_committed'))")"
# --galera-info records the position of what is in the backup.
nice -n 10 mariadb-backup --backup --galera-info --stream=mbstream --target-dir="$target" --user="$user" |
    nice -n 10 gzip -1 |
    socat -u STDIN "TCP4:127.0.0.1:${GALERA_PORT:?},retry=100,interval=0.2"
parts=("${PIPESTATUS[@]}")
[[ ${parts[0]} == 0 ]] || fail "mariadb-backup exited with code ${parts[0]}"
[[ ${parts[1]} == 0 && ${parts[2]} == 0 ]] || fail 'the backup could not be handed over: see whether the node has room'
