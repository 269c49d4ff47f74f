#!/bin/bash
# Makes the database of a backup in this container's data directory, which has no database. Prints lines NAME<tab>VALUE. The bootstrap marker is not written here.
set -uo pipefail
readonly data=/var/lib/mysql
readonly work=$data/.swarmops-restoring

line() { printf '%s\t%s\n' "$1" "$2"; }
fail() {
    line failed "$1"
    exit 1
}
trap 'exit 143' TERM INT
for program in mariadb-backup mbstream gzip sha256sum; do
    command -v "$program" >/dev/null || fail "the image lacks $program"
done
cd "$work" || fail 'the backup has not arrived'
[[ $(sha256sum <database.xb.gz | cut -d ' ' -f 1) == "${GALERA_SHA256:?}" ]] || fail 'the backup arrived damaged'
[[ -z $(find "$data" -mindepth 1 -maxdepth 1 ! -name '.swarmops-*' ! -name lost+found -print -quit) ]] || fail 'the data directory is not empty'
rm -rf database
mkdir database || fail 'the directory for the database could not be created'
line phase unpacking
gzip -dc database.xb.gz | mbstream -x -C database || fail 'the backup could not be unpacked: see whether the disk has room'
rm -f database.xb.gz
line phase preparing
mariadb-backup --prepare --target-dir="$work/database" >log 2>&1 || fail "mariadb-backup --prepare failed: $(grep -F ERROR log | tail -n 1)"
[[ -e database/ibdata1 && -d database/mysql ]] || fail 'what came of it is not a complete database'
for info in mariadb_backup_galera_info xtrabackup_galera_info; do
    [[ ! -s database/$info ]] || line position "$(cut -d ' ' -f 1 "database/$info" | head -n 1)"
    rm -f "database/$info"
done
line phase moving
mariadb-backup --move-back --force-non-empty-directories --target-dir="$work/database" --datadir="$data" >log 2>&1 ||
    fail "mariadb-backup --move-back failed: $(grep -F ERROR log | tail -n 1)"
find "$data" -mindepth 1 -path "$work" -prune -o \! -user mysql -exec chown mysql: {} + || fail 'the files could not be given to the database'
cd / && rm -rf "$work"
sync
line phase 'done'
