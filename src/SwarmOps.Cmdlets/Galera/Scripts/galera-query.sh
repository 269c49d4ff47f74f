#!/bin/bash
# Runs the statements in GALERA_SQL on this node's own server. Prints the rows, columns separated by tabs, and "done" as the last line; an error is the line sql_error<tab>TEXT.
set -uo pipefail

refuse() {
    printf 'sql_error\t%s\n' "$1"
    exit 0
}

secret=${MARIADB_ROOT_PASSWORD_FILE:-}
if [[ -n ${GALERA_SQL_USER:-} ]]; then
    user=$GALERA_SQL_USER
    export MYSQL_PWD=${GALERA_SQL_PASSWORD:-}
elif [[ -n $secret && -r $secret ]]; then
    user=root
    MYSQL_PWD=$(<"$secret")
    export MYSQL_PWD
else
    refuse 'the container has no file with the password of root (MARIADB_ROOT_PASSWORD_FILE)'
fi

# Uses no file, since the disk may be full: rows go to descriptor 3, errors to the variable.
code=0
{ error=$(timeout "${GALERA_SQL_SECONDS:?}" mariadb --protocol=socket -u"$user" -NB --default-character-set=utf8mb4 -e "${GALERA_SQL:?}" 2>&1 >&3 3>&-) || code=$?; } 3>&1
if [[ $code == 124 ]]; then
    refuse "the server did not answer within $GALERA_SQL_SECONDS s"
elif [[ $code != 0 ]]; then
    refuse "${error:-the client exited with code $code}"
fi
echo 'done'
