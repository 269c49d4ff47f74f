#!/bin/bash
# Takes a stream of GaleraStream.sh into a file of this container, and proves that a database comes of it. Prints lines NAME<tab>VALUE.
set -uo pipefail
readonly work=/backup
readonly file=$work/database.xb.gz

line() { printf '%s\t%s\n' "$1" "$2"; }
fail() {
    line failed "$1"
    exit 1
}
# The first process of a container ignores signals without a handler.
trap 'exit 143' TERM INT
for program in mariadb-backup mbstream socat gzip sha256sum; do
    command -v "$program" >/dev/null || fail "the image lacks $program"
done
free=$(df -Pk "$work" | awk 'NR == 2 { print $4 }')
[[ $free -gt ${GALERA_NEED_KB:?} ]] || fail "the engine's data directory has $((free / 1024)) MiB free, and $((GALERA_NEED_KB / 1024)) MiB are needed"
line phase receiving
timeout "${GALERA_SECONDS:?}" socat -u "TCP4-LISTEN:${GALERA_PORT:?},bind=127.0.0.1,reuseaddr,accept-timeout=120" "CREATE:$file" || fail 'no stream arrived'
gzip -t "$file" 2>/dev/null || fail 'the stream is damaged or incomplete'
if [[ -n ${GALERA_PREPARE:-} ]]; then
    line phase preparing
    mkdir "$work/data" || fail 'the directory for the trial could not be created'
    gzip -dc "$file" | mbstream -x -C "$work/data" || fail 'the stream could not be unpacked'
    for info in mariadb_backup_galera_info xtrabackup_galera_info; do
        [[ ! -s $work/data/$info ]] || line position "$(cut -d ' ' -f 1 "$work/data/$info" | head -n 1)"
    done
    nice -n 10 mariadb-backup --prepare --target-dir="$work/data" >"$work/log" 2>&1 || fail "mariadb-backup --prepare failed: $(grep -F ERROR "$work/log" | tail -n 1)"
    [[ -e $work/data/ibdata1 && -d $work/data/mysql ]] || fail 'what came of it is not a complete database'
    rm -rf "$work/data"
    line prepared yes
fi
line bytes "$(stat -c %s "$file")"
line sha256 "$(sha256sum <"$file" | cut -d ' ' -f 1)"
line phase 'done'
