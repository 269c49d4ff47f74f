# shellcheck shell=bash
# The images of the lab. Busybox is in every engine from the start, so that services can run without any network;
# MariaDB is made when it is first asked for.

readonly LAB_IMAGE=lab/busybox:latest

readonly MARIADB_IMAGE=lab/mariadb:10.11
readonly MARIADB_PACKAGES=(mariadb-server mariadb-backup galera-4 galera-arbitrator-4 socat gosu iproute2 pv)

# Raise it when the way the image is made changes.
readonly MARIADB_REVISION=1

# Writes busybox.tar in the format of 'docker save', byte for byte the same on every host of a lab,
# so that all engines know it by one id.
make_busybox_image() {
    local base=$1 work
    work=$(mktemp -d "$base/image.XXXXXX")
    install -d "$work/root"/{bin,etc,tmp,root,proc,sys,dev} "$work/image/layer"
    cp "$base/root/bin/busybox" "$work/root/bin/busybox"
    local applet
    while read -r applet; do
        [[ $applet == busybox ]] || ln -s busybox "$work/root/bin/$applet"
    done < <("$base/root/bin/busybox" --list)
    echo 'root:x:0:0:root:/root:/bin/sh' >"$work/root/etc/passwd"
    echo 'root:x:0:' >"$work/root/etc/group"
    tar -C "$work/root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$work/image/layer/layer.tar" .
    write_image "$base/busybox.tar" "$work" "$LAB_IMAGE" '{"Cmd": ["sh"], "Env": ["PATH=/bin"]}'
    rm -rf "$work"
}

# write_image ARCHIVE WORK TAG CONFIG: makes WORK/image/layer/layer.tar an image of one layer.
write_image() {
    local archive=$1 work=$2 tag=$3 settings=$4 layer config
    layer=$(sha256sum "$work/image/layer/layer.tar" | cut -d' ' -f1)
    jq -cn --arg layer "sha256:$layer" --argjson config "$settings" '{
        architecture: "amd64", os: "linux", created: "1970-01-01T00:00:00Z",
        config: $config,
        rootfs: {type: "layers", diff_ids: [$layer]}}' >"$work/config.json"
    config=$(sha256sum "$work/config.json" | cut -d' ' -f1).json
    mv "$work/config.json" "$work/image/$config"
    jq -cn --arg config "$config" --arg tag "$tag" \
        '[{Config: $config, RepoTags: [$tag], Layers: ["layer/layer.tar"]}]' >"$work/image/manifest.json"
    tar -C "$work/image" -cf "$archive.new" .
    mv "$archive.new" "$archive"
}

mariadb_archive() {
    local key
    key=$({
        printf '%s\n' "$MARIADB_REVISION" "${MARIADB_PACKAGES[@]}"
        cat "$LAB_HOME/images/mariadb/docker-entrypoint.sh"
    } | sha256sum | cut -c1-12)
    printf '%s/mariadb-%s.tar' "$(base_directory)" "$key"
}

# An image with the interface of MariaDB's official one, from Debian's packages.
make_mariadb_image() (
    archive=$(mariadb_archive)
    # Whoever else wants it waits for this one.
    exec {lock}>"$RUN_ROOT/.image.lock"
    flock "$lock"
    [[ ! -e $archive ]] || return 0
    note 'lab: making the MariaDB image (once; about a minute)'
    work=$(mktemp -d "$(base_directory)/image.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    download_packages "$work/apt" "${MARIADB_PACKAGES[@]}"
    make_root "$work/root" "$work/apt" "${MARIADB_PACKAGES[@]}"
    settle_mariadb_root "$work/root"
    install -d "$work/image/layer"
    tar -C "$work/root" --sort=name --mtime=@0 --numeric-owner -cf "$work/image/layer/layer.tar" .
    write_image "$archive" "$work" "$MARIADB_IMAGE" '{
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

# The archive of an image of the lab by its short name; other names are files.
archive_of() {
    case $1 in
        busybox) printf '%s/busybox.tar' "$(base_directory)" ;;
        mariadb)
            make_mariadb_image
            mariadb_archive
            ;;
        *) printf %s "$1" ;;
    esac
}

load_image_into() {
    local host=$1 archive=${2:-$(base_directory)/busybox.tar}
    load_host "$host"
    in_host "$host" docker load --quiet <"$archive" >/dev/null
}

image_command() {
    local target=${2:-all} archive=${3:-busybox} host
    [[ ${1:-} == load ]] || usage_error 'image: only "image load HOST|all [busybox|mariadb|ARCHIVE]" is known'
    require_lab
    archive=$(archive_of "$archive")
    [[ -r $archive ]] || die "no readable file '$archive'"
    if [[ $target != all ]]; then
        load_image_into "$target" "$archive"
        return
    fi
    for host in $(hosts_of_lab); do
        load_host "$host"
        [[ $HOST_ENGINE == no ]] || load_image_into "$host" "$archive"
    done
}
