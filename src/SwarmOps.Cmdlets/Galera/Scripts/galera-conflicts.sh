#!/bin/bash
# Makes the server log conflicts (wsrep_log_conflicts) for GALERA_SECONDS, then no more, whatever became of the run that started this. With 0 seconds it only ends it.
# Whoever wrote its process id into the file last switches it off. Without the file, someone else switched it on, and it stays on.
set -uo pipefail
readonly state=/run/galera/log-conflicts

if [[ -n ${GALERA_SQL_USER:-} ]]; then
    user=$GALERA_SQL_USER
    export MYSQL_PWD=${GALERA_SQL_PASSWORD:-}
else
    user=root
    MYSQL_PWD=$(<"${MARIADB_ROOT_PASSWORD_FILE:?}")
    export MYSQL_PWD
fi

sql() { timeout 10 mariadb --protocol=socket -u"$user" -NB -e "$1" 2>/dev/null; }

end() {
    [[ $(cat "$state" 2>/dev/null) == "$$" ]] || return 0
    # A server that accepts no connections for a while must not stay as it is.
    until sql 'SET GLOBAL wsrep_log_conflicts = OFF'; do
        sleep 2
        [[ $(cat "$state" 2>/dev/null) == "$$" ]] || return 0
    done
    rm -f "$state"
}

mkdir -p "${state%/*}"
is_on=$(sql 'SELECT @@GLOBAL.wsrep_log_conflicts') || exit 0
if [[ ! -e $state && ($is_on == 1 || ${GALERA_SECONDS:?} == 0) ]]; then
    exit 0
fi
echo "$$" >"$state"
trap end EXIT
trap 'exit 143' TERM INT HUP
if [[ $GALERA_SECONDS != 0 ]]; then
    sql 'SET GLOBAL wsrep_log_conflicts = ON' || exit 0
    sleep "$GALERA_SECONDS" &
    wait $!
fi
