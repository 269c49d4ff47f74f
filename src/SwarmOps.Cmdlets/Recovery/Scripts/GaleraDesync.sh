#!/bin/bash
# Desyncs this Galera node (wsrep_desync) while a backup streams from it, and puts it back, whatever becomes of the run that started this. It runs beside the backup, not below it, so
# that what ends the backup does not end this. The file $state holds: who runs this (process id and start time), the run, and how far it is.
set -uo pipefail
readonly state=/run/galera/backup-desync streaming=/run/galera/backup-stream
# A run that was killed before its backup began.
readonly beginning=60

# The process id and start time: an id alone may belong to another process by now.
stamp() { [[ -r /proc/$1/stat ]] && printf '%s:%s' "$1" "$(sed 's/^.*) //' "/proc/$1/stat" | cut -d ' ' -f 20)"; }
lives() { [[ -n ${1:-} && $(stamp "${1%%:*}" 2>/dev/null) == "$1" ]]; }

if [[ -n ${GALERA_SQL_USER:-} ]]; then
    user=$GALERA_SQL_USER
    export MYSQL_PWD=${GALERA_SQL_PASSWORD:-}
else
    user=root
    MYSQL_PWD=$(<"${MARIADB_ROOT_PASSWORD_FILE:?}")
    export MYSQL_PWD
fi
sql() { timeout 60 mariadb --protocol=socket -u"$user" -NB -e "$1" 2>&1; }
note() { printf '%s %s %s\n' "$me" "${GALERA_RUN:?}" "$1" >"$state.new" && mv "$state.new" "$state"; }

end() {
    trap '' TERM INT
    rm -f "$streaming"
    if [[ $is_ours == yes ]]; then
        # A server that accepts no connections for a while must not stay as it is; one that ends comes back in sync.
        until sql 'SET GLOBAL wsrep_desync = OFF' >/dev/null; do sleep 2; done
    fi
    rm -f "$state"
}

mkdir -p "${state%/*}"
me=$(stamp $$) || exit 1
is_ours=''
read -r before _ word _ 2>/dev/null <"$state" || { before=''; word=''; }
# Another backup runs; the one that waits for this sees whose the file is.
! lives "$before" || exit 0
if ! is_on=$(sql 'SELECT @@GLOBAL.wsrep_desync'); then
    note "failed $is_on"
    exit 1
fi
# One that an interrupted backup left is put back; one that somebody else set stays.
if [[ $is_on == 1 && $word != setting && $word != on ]]; then
    note kept || exit 1
else
    note setting || exit 1
    is_ours=yes
    trap 'end; exit 143' TERM INT
    trap '' HUP PIPE
    if ! said=$(sql 'SET GLOBAL wsrep_desync = ON'); then
        is_ours=''
        note "failed $said"
        exit 1
    fi
    note on
fi
while ((SECONDS < ${GALERA_SECONDS:?})); do
    read -r who run 2>/dev/null <"$streaming" || { who=''; run=''; }
    if [[ $run == "$GALERA_RUN" ]]; then
        lives "$who" || break
    else
        ((SECONDS < beginning)) || break
    fi
    sleep 1 &
    wait $!
done
end
