# shellcheck shell=bash
# gdnsd, the name server of New-SwarmGeoDns, from Debian's package: what docs/geodns.md tells users to build with two lines of a Dockerfile.

readonly GDNSD_IMAGE=lab/gdnsd:3.8
readonly GDNSD_PACKAGES=(gdnsd)

# Raise it when the way the image is made changes.
readonly GDNSD_REVISION=1

gdnsd_archive() {
    local key
    key=$(printf '%s\n' "$GDNSD_REVISION" "${GDNSD_PACKAGES[@]}" | sha256sum | cut -c1-12)
    printf '%s/gdnsd-%s.tar' "$(base_directory)" "$key"
}

make_gdnsd_image() (
    archive=$(gdnsd_archive)
    # Whoever else wants it waits for this one.
    exec {lock}>"$RUN_ROOT/.image.lock"
    flock "$lock"
    [[ ! -e $archive ]] || return 0
    note 'lab: building the image of gdnsd (once; about half a minute)'
    work=$(mktemp -d "$(base_directory)/image.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    download_packages "$work/apt" bookworm "${GDNSD_PACKAGES[@]}"
    make_root "$work/root" "$work/apt" bookworm "${GDNSD_PACKAGES[@]}"
    rm -rf "$work"/root/var/cache/apt/* "$work"/root/var/lib/apt/lists/* "$work"/root/usr/share/{doc,man,locale,info}
    install -d "$work/image/layer"
    tar -C "$work/root" --sort=name --mtime=@0 --numeric-owner -cf "$work/image/layer/layer.tar" .
    write_image "$archive" "$work" "$GDNSD_IMAGE" '{
        "Cmd": ["gdnsd", "start"],
        "Env": ["PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"],
        "ExposedPorts": {"53/tcp": {}, "53/udp": {}}}'
)
