# shellcheck shell=bash
# Images with the interface of Syncthing's official one: 1.19 of Debian 12, and 1.29 of Debian 13.

readonly DEFAULT_SYNCTHING=1.29
declare -rA SYNCTHING_RELEASES=([1.19]=bookworm ["$DEFAULT_SYNCTHING"]=trixie)
readonly SYNCTHING_PACKAGES=(syncthing curl)

# Raise it when the way the image is made changes.
readonly SYNCTHING_REVISION=1

syncthing_archive() {
    local key
    key=$(printf '%s\n' "$SYNCTHING_REVISION" "${SYNCTHING_PACKAGES[@]}" | sha256sum | cut -c1-12)
    printf '%s/syncthing-%s-%s.tar' "$(base_directory)" "$1" "$key"
}

# make_syncthing_image VERSION: from Debian's packages.
make_syncthing_image() (
    version=$1
    release=${SYNCTHING_RELEASES[$version]}
    archive=$(syncthing_archive "$version")
    # Whoever else wants it waits for this one.
    exec {lock}>"$RUN_ROOT/.image.lock"
    flock "$lock"
    [[ ! -e $archive ]] || return 0
    note "lab: making the image of Syncthing $version (once; half a minute)"
    work=$(mktemp -d "$(base_directory)/image.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    download_packages "$work/apt" "$release" "${SYNCTHING_PACKAGES[@]}"
    make_root "$work/root" "$work/apt" "$release" "${SYNCTHING_PACKAGES[@]}"
    settle_syncthing_root "$work/root"
    install -d "$work/image/layer"
    tar -C "$work/root" --sort=name --mtime=@0 --numeric-owner -cf "$work/image/layer/layer.tar" .
    # As in the official image: a volume, an API for everybody, and a health check once a minute. Whoever uses it has to deal with these.
    write_image "$archive" "$work" "lab/syncthing:$version" '{
        "Cmd": ["syncthing", "serve", "--no-browser"],
        "Env": ["PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "PUID=1000", "PGID=1000", "HOME=/var/syncthing", "STHOMEDIR=/var/syncthing/config", "STGUIADDRESS=0.0.0.0:8384"],
        "Healthcheck": {"Test": ["CMD-SHELL", "curl -fkLsS -m 2 127.0.0.1:8384/rest/noauth/health | grep -o OK || exit 1"], "Interval": 60000000000, "Timeout": 10000000000},
        "ExposedPorts": {"8384/tcp": {}, "22000/tcp": {}, "22000/udp": {}, "21027/udp": {}}, "Volumes": {"/var/syncthing": {}}}'
)

settle_syncthing_root() {
    local root=$1
    rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale,info,perl*} "$root"/usr/lib/x86_64-linux-gnu/perl*
    install -d "$root/var/syncthing"
}
