# shellcheck shell=bash
# Images with the interface of the official ones of Prometheus, Alertmanager and three exporters, from Debian 12's packages: busybox and one program each. They share a layer.

readonly MONITORING_PACKAGES=(prometheus prometheus-alertmanager prometheus-blackbox-exporter prometheus-mysqld-exporter prometheus-node-exporter)

# Raise it when the way the images are made changes.
readonly MONITORING_REVISION=2

monitoring_archive() {
    local key
    key=$(printf '%s\n' "$MONITORING_REVISION" "${MONITORING_PACKAGES[@]}" | sha256sum | cut -c1-12)
    printf '%s/monitoring-%s.tar' "$(base_directory)" "$key"
}

make_monitoring_images() (
    archive=$(monitoring_archive)
    # Whoever else wants them waits for this one.
    exec {lock}>"$RUN_ROOT/.image.lock"
    flock "$lock"
    [[ ! -e $archive ]] || return 0
    note 'lab: making the images of Prometheus and its exporters (once; about half a minute)'
    work=$(mktemp -d "$(base_directory)/image.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    download_packages "$work/apt" bookworm "${MONITORING_PACKAGES[@]}"
    settle_monitoring_root "$work/root" "$work"
    install -d "$work/image/layer"
    tar -C "$work/root" --sort=name --mtime=@0 --numeric-owner -cf "$work/image/layer/layer.tar" .
    : >"$work/manifest"
    # Users, volumes and entry points of the official images.
    monitoring_image "$work" lab/prometheus:2.42 '{"User": "nobody", "Entrypoint": ["/bin/prometheus"], "WorkingDir": "/prometheus", "Volumes": {"/prometheus": {}}}'
    monitoring_image "$work" lab/alertmanager:0.25 '{"User": "nobody", "Entrypoint": ["/bin/alertmanager"], "WorkingDir": "/alertmanager", "Volumes": {"/alertmanager": {}}}'
    monitoring_image "$work" lab/node-exporter:1.5 '{"User": "nobody", "Entrypoint": ["/bin/node_exporter"]}'
    monitoring_image "$work" lab/mysqld-exporter:0.14 '{"User": "nobody", "Entrypoint": ["/bin/mysqld_exporter"]}'
    monitoring_image "$work" lab/blackbox-exporter:0.23 '{"Entrypoint": ["/bin/blackbox_exporter"]}'
    jq -cs . "$work/manifest" >"$work/image/manifest.json"
    tar -C "$work/image" -cf "$archive.new" .
    mv "$archive.new" "$archive"
)

# settle_monitoring_root ROOT WORK: busybox, the C library and the programs, under the names that they have in the official images.
settle_monitoring_root() {
    local root=$1 work=$2 package applet program
    for package in libc6 "${MONITORING_PACKAGES[@]}"; do
        dpkg-deb -x "$work/apt/$package"_*.deb "$work/packages"
    done
    install -d "$root"/{bin,etc,tmp,root,proc,sys,dev,lib,lib64,usr/lib} "$root"/etc/{prometheus,blackbox_exporter}
    chmod 1777 "$root/tmp"
    install -d -o 65534 -g 65534 "$root/prometheus" "$root/alertmanager"
    cp "$(base_directory)/root/bin/busybox" "$root/bin/busybox"
    while read -r applet; do
        [[ $applet == busybox ]] || ln -s busybox "$root/bin/$applet"
    done < <("$root/bin/busybox" --list)
    cp -a "$work/packages/lib/x86_64-linux-gnu" "$root/lib/"
    cp -a "$work/packages/lib64/." "$root/lib64/"
    for program in prometheus promtool amtool; do
        cp "$work/packages/usr/bin/$program" "$root/bin/$program"
    done
    cp "$work/packages/usr/bin/prometheus-alertmanager" "$root/bin/alertmanager"
    for program in node blackbox mysqld; do
        cp "$work/packages/usr/bin/prometheus-$program-exporter" "$root/bin/${program}_exporter"
    done
    # Debian's Alertmanager has its templates in files.
    install -d "$root/usr/share/prometheus"
    cp -a "$work/packages/usr/share/prometheus/alertmanager" "$root/usr/share/prometheus/"
    printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n' >"$root/etc/passwd"
    printf 'root:x:0:\nnobody:x:65534:\n' >"$root/etc/group"
    echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
}

# monitoring_image WORK TAG SETTINGS: one more image of the same layer.
monitoring_image() {
    local work=$1 tag=$2 settings=$3 layer config
    layer=$(sha256sum "$work/image/layer/layer.tar" | cut -d' ' -f1)
    jq -cn --arg layer "sha256:$layer" --argjson config "$settings" '{
        architecture: "amd64", os: "linux", created: "1970-01-01T00:00:00Z",
        config: ($config + {Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]}),
        rootfs: {type: "layers", diff_ids: [$layer]}}' >"$work/config.json"
    config=$(sha256sum "$work/config.json" | cut -d' ' -f1).json
    mv "$work/config.json" "$work/image/$config"
    jq -cn --arg config "$config" --arg tag "$tag" '{Config: $config, RepoTags: [$tag], Layers: ["layer/layer.tar"]}' >>"$work/manifest"
}
