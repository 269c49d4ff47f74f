#!/bin/bash
# Reports the state of a Galera node as lines NAME<tab>VALUE. SwarmOps runs it inside the container.
set -uo pipefail

readonly data=/var/lib/mysql
line() { printf '%s\t%s\n' "$1" "$2"; }

# Starts as few programs as possible, since this runs every second during a repair.
phase=''
[[ ! -e /run/galera/phase ]] || phase=$(</run/galera/phase)
line phase "$phase"
# Only a waiting node has a valid position: once a server has run, the position from before no longer applies.
if [[ $phase == waiting && -e /run/galera/position ]]; then
    line position "$(</run/galera/position)"
    line reason "$(</run/galera/reason)"
elif [[ $phase == waiting ]] && grep -qx 'phase=waiting' "$data/.swarmops-state" 2>/dev/null; then
    # Started by an earlier version of the start script.
    line position "$(sed -n 's/^position=//p' "$data/.swarmops-state")"
fi
[[ ! -e $data/.swarmops-bootstrap ]] || line marker yes
line directory "$(stat -c '%d:%i' "$data" 2>/dev/null)"
line size_kb "$(du -sk "$data" 2>/dev/null | cut -f1)"
line local "$(awk '/32 host LOCAL/ { print last } { last = $2 }' /proc/net/fib_trie | sort -u | paste -sd,)"
line dns "$(timeout 3 getent ahostsv4 "${WSREP_CLUSTER_DNSNAME:?}" | awk '{ print $1 }' | sort -u | paste -sd,)"
missing=
programs=(getent gosu mariadbd mariadb mariadb-backup socat)
[[ ${GALERA_ROLE:-} != arbitrator ]] || programs=(getent gosu garbd)
# An image that bootstraps itself checks its own requirements.
[[ -e /galera-start.sh ]] || programs=(getent mariadb)
for program in "${programs[@]}"; do
    command -v "$program" >/dev/null || missing+=" $program"
done
line missing "${missing# }"

if [[ ${GALERA_ROLE:-} == arbitrator ]]; then
    line connections "$(grep -cE '^ *[0-9]+: [0-9A-F]+:(11D7 [0-9A-F]+:[0-9A-F]{4}|[0-9A-F]{4} [0-9A-F]+:11D7) 01' /proc/net/tcp)"
    exit 0
fi

# A state transfer runs as long as its programs do. Their CPU time also grows while a joiner prepares the data, when no file grows.
transfer='' work=0
for process in /proc/[0-9]*; do
    mapfile -d '' -t arguments 2>/dev/null <"$process/cmdline" || continue
    words="${arguments[*]} "
    # Skips the shell that runs this script.
    [[ $words != *$'\n'* ]] || continue
    case $words in
        *wsrep_sst_*--role*joiner*) : "${transfer:=receiving}" ;;
        *wsrep_sst_*--role*donor*) : "${transfer:=sending}" ;;
        *maria*backup*--prepare*) transfer=preparing ;;
        *maria*backup*--move-back*) transfer=moving ;;
        *maria*backup*--backup* | *socat*) ;;
        *) continue ;;
    esac
    work=$((work + $(sed 's/^.*) //' "$process/stat" 2>/dev/null | awk '{ print $12 + $13 } END { if (NR == 0) print 0 }')))
done
if [[ -n $transfer ]]; then
    line transfer "$transfer"
    line transfer_work "$work"
fi

secret=${MARIADB_ROOT_PASSWORD_FILE:?}
line secret "${secret##*/}"
statements="SHOW GLOBAL STATUS LIKE 'wsrep\\_%'; SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_node_name', 'wsrep_node_address', 'wsrep_provider_options', 'version')"
# ask PROGRAM...: queries the server and always sets either said or error: no result would mean a server that is starting. Uses no file, since the disk may be full.
ask() {
    local code=0 refusal=$'(^|\n)(ERROR [^\n]*)'
    error=''
    said=$(timeout 6 "$@" --protocol=socket -NB -e "$statements" 2>&1) || code=$?
    [[ $code != 0 || -z $said ]] || return 0
    if [[ $code == 124 ]]; then
        error='the server accepts connections, but did not answer within 6 s'
    elif [[ $said =~ $refusal ]]; then
        error=${BASH_REMATCH[2]}
    else
        error=${said%%$'\n'*}
    fi
    error=${error:-the client exited with code $code, and the state of the server could not be read}
    said=''
    return 1
}

if [[ -n ${GALERA_SQL_USER:-} ]]; then
    if MYSQL_PWD=$GALERA_SQL_PASSWORD ask mariadb -u"$GALERA_SQL_USER"; then
        line account given
    else
        line sql_error "$error"
    fi
elif MYSQL_PWD=$(<"$secret") ask mariadb -uroot; then
    line account root
else
    refusal=$error
    # Root's password may have been changed by SQL; the account for state transfers needs none.
    if [[ $refusal == 'ERROR 1045 '* ]] && ask gosu mysql mariadb -umysql; then
        line account mysql
    else
        line sql_error "$refusal"
    fi
fi
printf '%s\n' "$said"
