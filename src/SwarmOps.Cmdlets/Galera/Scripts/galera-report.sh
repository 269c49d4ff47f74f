#!/bin/bash
# What a Galera node knows of itself, as lines NAME<tab>VALUE. SwarmOps runs it inside the container.
set -uo pipefail

readonly data=/var/lib/mysql
line() { printf '%s\t%s\n' "$1" "$2"; }

# What a shell can read itself starts no program: this runs every second while a repair watches.
phase=''
[[ ! -e /run/galera/phase ]] || phase=$(</run/galera/phase)
line phase "$phase"
# Only a node that waits knows how far it is: what was written before a server ran says nothing about what that server did.
if [[ $phase == waiting && -e /run/galera/position ]]; then
    line position "$(</run/galera/position)"
    line reason "$(</run/galera/reason)"
elif [[ $phase == waiting ]] && grep -qx 'phase=waiting' "$data/.swarmops-state" 2>/dev/null; then
    # Started by the script of an earlier version.
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

# A state transfer, as long as its programs live. The processor time that they used grows also while a joiner prepares, when no file does.
transfer='' work=0
for process in /proc/[0-9]*; do
    mapfile -d '' -t arguments 2>/dev/null <"$process/cmdline" || continue
    words="${arguments[*]} "
    # This very script is the argument of a shell.
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
# ask PROGRAM...: asks the server; said has the answer, or error what is wrong, never neither: silence would be taken for a server that starts. No file: the disk may be full.
ask() {
    local code=0 refusal=$'(^|\n)(ERROR [^\n]*)'
    error=''
    said=$(timeout 6 "$@" --protocol=socket -NB -e "$statements" 2>&1) || code=$?
    [[ $code != 0 || -z $said ]] || return 0
    if [[ $code == 124 ]]; then
        error='the server takes connections and does not answer within 6 s'
    elif [[ $said =~ $refusal ]]; then
        error=${BASH_REMATCH[2]}
    else
        error=${said%%$'\n'*}
    fi
    error=${error:-the client ended with $code, and the report of the server could not be read}
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
    # Root's password may have been changed by SQL; the account of state transfers needs none.
    if [[ $refusal == 'ERROR 1045 '* ]] && ask gosu mysql mariadb -umysql; then
        line account mysql
    else
        line sql_error "$refusal"
    fi
fi
printf '%s\n' "$said"
