#!/bin/bash
# Starts MariaDB with the interface of the official image: what that one reads from the environment, this one reads too.
set -euo pipefail

readonly data=/var/lib/mysql socket=/run/mysqld/mysqld.sock

say() { printf '%s [Note] [Entrypoint]: %s\n' "$(date --rfc-3339=seconds)" "$1" >&2; }
fail() {
    printf '%s [ERROR] [Entrypoint]: %s\n' "$(date --rfc-3339=seconds)" "$1" >&2
    exit 1
}

# from_file NAME: a value may stand in NAME or in the file that NAME_FILE names, not in both.
from_file() {
    local name=$1 file_name=${1}_FILE
    [[ -z ${!name:-} || -z ${!file_name:-} ]] || fail "both $name and $file_name are set"
    if [[ -n ${!file_name:-} ]]; then
        printf -v "$name" %s "$(<"${!file_name}")"
    else
        printf -v "$name" %s "${!name:-}"
    fi
    # shellcheck disable=SC2163
    export "$name"
    unset "$file_name"
}

quoted() { printf "'%s'" "$(sed -e 's/\\/\\\\/g' -e "s/'/''/g" <<<"$1")"; }

statements() {
    local password
    password=$(quoted "$MARIADB_ROOT_PASSWORD")
    echo "SET @@SESSION.SQL_LOG_BIN=0; SET @@SESSION.SQL_MODE=REPLACE(@@SESSION.SQL_MODE, 'NO_BACKSLASH_ESCAPES', '');"
    # mariadb-install-db gives them no password.
    echo "DROP USER IF EXISTS root@'127.0.0.1', root@'::1', root@'$(uname -n)';"
    echo "DROP DATABASE IF EXISTS test; DELETE FROM mysql.global_priv WHERE User = ''; FLUSH PRIVILEGES;"
    echo "ALTER USER root@localhost IDENTIFIED BY $password;"
    echo "CREATE USER root@'%' IDENTIFIED BY $password; GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;"
    if [[ -n ${MARIADB_MYSQL_LOCALHOST_USER:-} ]]; then
        # Debian's package makes this user already.
        echo "CREATE USER IF NOT EXISTS mysql@localhost; ALTER USER mysql@localhost IDENTIFIED VIA unix_socket;"
        [[ -z ${MARIADB_MYSQL_LOCALHOST_GRANTS:-} ]] || echo "GRANT $MARIADB_MYSQL_LOCALHOST_GRANTS ON *.* TO mysql@localhost;"
    fi
    [[ -z $MARIADB_DATABASE ]] || echo "CREATE DATABASE IF NOT EXISTS \`$MARIADB_DATABASE\`;"
    if [[ -n $MARIADB_USER ]]; then
        echo "CREATE USER $(quoted "$MARIADB_USER")@'%' IDENTIFIED BY $(quoted "$MARIADB_PASSWORD");"
        [[ -z $MARIADB_DATABASE ]] || echo "GRANT ALL ON \`${MARIADB_DATABASE//_/\\_}\`.* TO $(quoted "$MARIADB_USER")@'%';"
    fi
}

initialise() {
    local server _
    [[ -n $MARIADB_ROOT_PASSWORD ]] || fail 'the database is not initialised and there is neither MARIADB_ROOT_PASSWORD nor MARIADB_ROOT_PASSWORD_FILE'
    [[ -z $MARIADB_USER || -n $MARIADB_PASSWORD ]] || fail 'MARIADB_USER needs MARIADB_PASSWORD or MARIADB_PASSWORD_FILE'
    say 'Initializing database files'
    mariadb-install-db --datadir="$data" --skip-test-db --auth-root-authentication-method=normal --skip-name-resolve >/dev/null
    "$@" --skip-networking --wsrep-on=OFF --socket="$socket" --loose-innodb-buffer-pool-load-at-startup=0 &
    server=$!
    for _ in {1..300}; do
        mariadb --protocol=socket --socket="$socket" -uroot -e 'DO 0' 2>/dev/null && break
        kill -0 "$server" 2>/dev/null || fail 'the temporary server ended'
        sleep 0.2
    done
    statements | mariadb --protocol=socket --socket="$socket" -uroot
    kill "$server"
    wait "$server" || true
    say 'MariaDB init process done. Ready for start up.'
}

[[ ${1:-} != -* ]] || set -- mariadbd "$@"

# As the official image does, as root: a secret may be for root's eyes only.
if [[ ${1:-} == mariadbd ]]; then
    for name in MARIADB_ROOT_PASSWORD MARIADB_DATABASE MARIADB_USER MARIADB_PASSWORD; do from_file "$name"; done
fi

if [[ ${1:-} == mariadbd && $EUID -eq 0 ]]; then
    install -d -o mysql -g mysql /run/mysqld
    find "$data" \! -user mysql -exec chown mysql: {} +
    exec gosu mysql "$0" "$@"
fi

if [[ ${1:-} == mariadbd ]]; then
    [[ -d $data/mysql ]] || initialise "$@"
    unset MARIADB_ROOT_PASSWORD MARIADB_PASSWORD
fi
exec "$@"
