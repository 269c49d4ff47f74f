# shellcheck shell=bash
# Images with the interface of MariaDB's official one: 10.11 of Debian 12, and 11.8 of Debian 13.

readonly DEFAULT_MARIADB=10.11
declare -rA MARIADB_RELEASES=(["$DEFAULT_MARIADB"]=bookworm [11.8]=trixie)
readonly MARIADB_PACKAGES=(mariadb-server mariadb-backup galera-4 galera-arbitrator-4 socat openssl gosu iproute2 pv)

# Raise it when the way the image is made changes.
readonly MARIADB_REVISION=1

mariadb_archive() {
    local key
    key=$({
        printf '%s\n' "$MARIADB_REVISION" "${MARIADB_PACKAGES[@]}"
        cat "$LAB_HOME/images/mariadb/docker-entrypoint.sh"
    } | sha256sum | cut -c1-12)
    printf '%s/mariadb-%s-%s.tar' "$(base_directory)" "$1" "$key"
}

# make_mariadb_image VERSION: from Debian's packages.
make_mariadb_image() (
    version=$1
    release=${MARIADB_RELEASES[$version]}
    archive=$(mariadb_archive "$version")
    # Whoever else wants it waits for this one.
    exec {lock}>"$RUN_ROOT/.image.lock"
    flock "$lock"
    [[ ! -e $archive ]] || return 0
    note "lab: making the image of MariaDB $version (once; about a minute)"
    work=$(mktemp -d "$(base_directory)/image.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    download_packages "$work/apt" "$release" "${MARIADB_PACKAGES[@]}"
    make_root "$work/root" "$work/apt" "$release" "${MARIADB_PACKAGES[@]}"
    settle_mariadb_root "$work/root"
    install -d "$work/image/layer"
    tar -C "$work/root" --sort=name --mtime=@0 --numeric-owner -cf "$work/image/layer/layer.tar" .
    write_image "$archive" "$work" "lab/mariadb:$version" '{
        "Entrypoint": ["docker-entrypoint.sh"], "Cmd": ["mariadbd"],
        "Env": ["PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"],
        "ExposedPorts": {"3306/tcp": {}}, "Volumes": {"/var/lib/mysql": {}}}'
)

settle_mariadb_root() {
    local root=$1
    rm -rf "$root"/var/lib/mysql "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale,info}
    rm -f "$root/etc/mysql/debian.cnf" "$root/etc/mysql/debian-start"
    install -d -o "$(root_id "$root" 3)" -g "$(root_id "$root" 4)" "$root/var/lib/mysql" "$root/run/mysqld"
    # As in the official image: every interface, no host cache, the error log to the container's.
    rm -f "$root"/etc/mysql/mariadb.conf.d/*
    printf '[mariadbd]\nskip-name-resolve\nhost-cache-size = 0\nsocket = /run/mysqld/mysqld.sock\ndatadir = /var/lib/mysql\n\n[client]\nsocket = /run/mysqld/mysqld.sock\n' \
        >"$root/etc/mysql/mariadb.conf.d/50-image.cnf"
    install -m 0755 "$LAB_HOME/images/mariadb/docker-entrypoint.sh" "$root/usr/local/bin/docker-entrypoint.sh"
}

# The user's (field 3) or group's (field 4) number of mysql inside a root.
root_id() { awk -F: -v field="$2" '$1 == "mysql" { print $field }' "$1/etc/passwd"; }
