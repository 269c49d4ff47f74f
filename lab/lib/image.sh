# shellcheck shell=bash
# The images of the lab. Busybox is in every engine from the start, so that services can run without any network;
# those of image-gdnsd.sh, image-mariadb.sh, image-monitoring.sh, image-syncthing.sh and image-wordpress.sh are made when they are first asked for.

readonly LAB_IMAGE=lab/busybox:latest

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

# The archive of an image of the lab by its short name; other names are files.
archive_of() {
    case $1 in
        busybox) printf '%s/busybox.tar' "$(base_directory)" ;;
        gdnsd)
            make_gdnsd_image
            gdnsd_archive
            ;;
        mariadb | mariadb:*)
            local version=${1#mariadb}
            version=${version#:}
            version=${version:-$DEFAULT_MARIADB}
            [[ -n ${MARIADB_RELEASES[$version]:-} ]] || usage_error "image: no mariadb of version '$version' (there are: ${!MARIADB_RELEASES[*]})"
            make_mariadb_image "$version"
            mariadb_archive "$version"
            ;;
        monitoring)
            make_monitoring_images
            monitoring_archive
            ;;
        syncthing | syncthing:*)
            local syncthing=${1#syncthing}
            syncthing=${syncthing#:}
            syncthing=${syncthing:-$DEFAULT_SYNCTHING}
            [[ -n ${SYNCTHING_RELEASES[$syncthing]:-} ]] || usage_error "image: no syncthing of version '$syncthing' (there are: ${!SYNCTHING_RELEASES[*]})"
            make_syncthing_image "$syncthing"
            syncthing_archive "$syncthing"
            ;;
        wordpress)
            make_wordpress_image
            wordpress_archive
            ;;
        *) printf %s "$1" ;;
    esac
}

load_image_into() {
    local host=$1 archive=${2:-$(base_directory)/busybox.tar} answer
    # An engine that cannot read the archive says so in its answer, whose status is 200.
    answer=$(curl -sS --fail-with-body --unix-socket "$RUN/hosts/$host/docker.sock" -X POST -H Expect: -H 'Content-Type: application/x-tar' \
        -T "$archive" 'http://engine/images/load?quiet=1') && [[ $answer != *'"error"'* ]] ||
        die "loading $archive into $host failed: $answer"
}

# push_image ARCHIVE: puts an image of one layer into the lab's registry, from where instances of the EC2 endpoint pull it. No engine is needed.
push_image() {
    local archive=$1 manifest config tag repository url sizes layer
    manifest=$(tar -xOf "$archive" ./manifest.json)
    config=$(jq -r '.[0].Config' <<<"$manifest")
    tag=$(jq -r '.[0].RepoTags[0]' <<<"$manifest")
    repository=${tag#lab/}
    url=http://$(wan_address):$REGISTRY_PORT/v2/${repository%:*}
    layer=$(tar -xOf "$archive" "./$config" | jq -r '.rootfs.diff_ids[0]')
    push_blob "$url" "$archive" "./$config" "sha256:${config%.json}"
    push_blob "$url" "$archive" ./layer/layer.tar "$layer"
    sizes=$(tar -tvf "$archive" | awk -v config="./$config" '$6 == config { c = $3 } $6 == "./layer/layer.tar" { l = $3 } END { print "[" c "," l "]" }')
    jq -cn --argjson sizes "$sizes" --arg config "sha256:${config%.json}" --arg layer "$layer" '{
        schemaVersion: 2, mediaType: "application/vnd.docker.distribution.manifest.v2+json",
        config: {mediaType: "application/vnd.docker.container.image.v1+json", size: $sizes[0], digest: $config},
        layers: [{mediaType: "application/vnd.docker.image.rootfs.diff.tar", size: $sizes[1], digest: $layer}]}' |
        curl -sS --fail-with-body -o /dev/null -X PUT -H 'Content-Type: application/vnd.docker.distribution.manifest.v2+json' --data-binary @- "$url/manifests/${repository#*:}" ||
        die "the registry refuses $tag"
    printf 'registry.%s:%s/%s\n' "$DOMAIN" "$REGISTRY_PORT" "$repository"
}

# push_blob URL ARCHIVE MEMBER DIGEST: a file of an archive, unless the registry has it.
push_blob() {
    local url=$1 archive=$2 member=$3 digest=$4 upload
    ! curl -sf -o /dev/null --head "$url/blobs/$digest" || return 0
    upload=$(curl -sS -f -o /dev/null -X POST -w '%header{location}' "$url/blobs/uploads/") || die "the registry takes no upload at $url"
    tar -xOf "$archive" "$member" |
        curl -sS --fail-with-body -o /dev/null -X PUT -H 'Content-Type: application/octet-stream' -T - "$upload&digest=$digest" ||
        die "the registry refuses $member of $archive"
}

image_command() {
    local target=${2:-all} archive=${3:-busybox} host
    if [[ ${1:-} == push ]]; then
        shift
        [[ $# -gt 0 ]] || usage_error 'image: "image push IMAGE..." names what is pushed'
        require_lab
        for archive; do push_image "$(archive_of "$archive")"; done
        return
    fi
    [[ ${1:-} == load ]] || usage_error 'image: use "image load HOST|all [busybox|gdnsd|mariadb[:VERSION]|monitoring|syncthing[:VERSION]|wordpress|ARCHIVE]", or "image push" with the same names'
    require_lab
    archive=$(archive_of "$archive")
    [[ -r $archive ]] || die "cannot read the file '$archive'"
    if [[ $target != all ]]; then
        load_image_into "$target" "$archive"
        return
    fi
    for host in $(hosts_of_lab); do
        load_host "$host"
        [[ $HOST_ENGINE == no ]] || load_image_into "$host" "$archive"
    done
}
