# shellcheck shell=bash
# What the lab needs: packages of this machine, a folder of .deb files for the hosts, and the hosts' root.

# Installed on this machine, when missing.
readonly MACHINE_PACKAGES=(
    iproute2 nftables util-linux procps mmdebstrap apt-utils openssh-client jq curl
    bsdextrautils dnsmasq-base docker-registry vde2 conntrack patchelf
)

# In the root of every host, as on a cloud image.
readonly HOST_PACKAGES=(
    systemd systemd-sysv dbus openssh-server iproute2 iptables nftables iputils-ping netcat-openbsd
    tcpdump procps sudo ca-certificates curl busybox-static kmod conntrack less
)

# On top of it in every host that has an engine.
readonly ENGINE_PACKAGES=(docker.io)

# On top of it in every instance of the EC2 endpoint.
readonly CLOUD_PACKAGES=(cloud-init)

# Not installed, but there for apt inside the hosts.
readonly EXTRA_PACKAGES=(wireguard-tools wireguard-go python3 python3-docker jq)

# Raise it when the way the base is made changes, so that a base made the old way is made anew.
readonly BASE_REVISION=2

base_key() {
    printf '%s\n' "$BASE_REVISION" "${HOST_PACKAGES[@]}" "${ENGINE_PACKAGES[@]}" "${CLOUD_PACKAGES[@]}" "${EXTRA_PACKAGES[@]}" |
        sha256sum | cut -c1-12
}

base_directory() { printf '%s/%s' "$BASE_ROOT" "${BASE_KEY:-$(base_key)}"; }

# Worked out once, where the base is asked for often.
find_base_key() { BASE_KEY=$(base_key); }

# Further packages of this machine may be named.
install_dependencies() {
    # Labs that come up at the same time wait for one base instead of making two.
    local lock
    find_base_key
    exec {lock}>"$RUN_ROOT/.deps.lock"
    flock "$lock"
    install_packages "${MACHINE_PACKAGES[@]}" "$@"
    if [[ ! -e $(base_directory)/complete ]]; then
        note 'lab: making the root of the hosts (once; under a minute)'
        make_base "$(base_directory)"
    fi
    install -d -m 0755 "$(engines_directory)"
    exec {lock}>&-
}

# Installs those packages of this machine that are missing.
install_packages() {
    local missing=() package known
    known=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
    for package; do
        [[ $'\n'$known$'\n' == *$'\n'"$package installed"$'\n'* ]] || missing+=("$package")
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    note "lab: installing ${missing[*]}"
    without_services apt_get update
    without_services apt_get install -y --no-install-recommends "${missing[@]}"
}

apt_get() {
    local log=$DISK_ROOT/apt.log attempt
    for attempt in {1..60}; do
        DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" </dev/null >"$log" 2>&1 && return
        # The lock of the package lists, unlike dpkg's, can't be waited for.
        grep -q 'Could not get lock\|Unable to lock' "$log" || break
        sleep 2
    done
    tail -n 5 "$log" >&2
    die "apt-get $1 failed (whole output: $log, tries: $attempt)"
}

# Runs a command while packages may not start services. A policy that is there already stays.
without_services() (
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
        trap 'rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 0755 "$policy"
    fi
    "$@"
)

make_base() {
    local base=$1
    rm -rf "$base.new"
    install -d -m 0755 "$base.new"
    download_packages "$base.new/apt" bookworm "${HOST_PACKAGES[@]}" "${ENGINE_PACKAGES[@]}" "${CLOUD_PACKAGES[@]}" "${EXTRA_PACKAGES[@]}"
    make_root "$base.new/root" "$base.new/apt" bookworm "${HOST_PACKAGES[@]}"
    settle_root "$base.new/root"
    make_layer "$base.new" engine "${ENGINE_PACKAGES[@]}"
    make_layer "$base.new" cloud "${CLOUD_PACKAGES[@]}"
    settle_cloud "$base.new/cloud"
    make_busybox_image "$base.new"
    touch "$base.new/complete"
    rm -rf "$base"
    mv "$base.new" "$base"
}

# download_packages FOLDER RELEASE PACKAGE...: fetches packages with all they depend on, as if nothing were installed,
# and makes them an apt repository: hosts have no network to fetch from.
download_packages() {
    local folder=$1 release=$2 source=()
    shift 2
    install -d "$folder/partial"
    : >"$folder.status"
    if [[ $release != bookworm ]]; then
        update_suites
        source=("${SUITE_OPTIONS[@]}" -o "Dir::Etc::sourcelist=$(base_directory)/suites/$release.list")
    # A new machine knows no packages yet, and lists that are too old name files that are gone.
    elif [[ -z $(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' -mmin -720 2>/dev/null) ]]; then
        apt_get update
    fi
    apt_get -y ${source[@]+"${source[@]}"} -o Dir::State::status="$folder.status" -o Dir::Cache::archives="$folder" -o Debug::NoLocking=true \
        -o APT::Install-Recommends=false -o APT::Sandbox::User=root -o Binary::apt-get::APT::Keep-Downloaded-Packages=true \
        --download-only install '?essential' apt "$@"
    rm -rf "$folder.status" "$folder/partial" "$folder/lock"
    (cd "$folder" && apt-ftparchive packages . >Packages && apt-ftparchive release . >Release)
}

# make_root ROOT REPOSITORY RELEASE PACKAGE...: a Debian root of these packages.
make_root() {
    local root=$1 repository=$2 release=$3 log=$DISK_ROOT/base.log packages
    shift 3
    packages=$(IFS=,; printf %s "$*")
    mmdebstrap --mode=root --variant=apt --format=directory --include="$packages" \
        --aptopt='APT::Install-Recommends "false"' "$release" "$root" \
        "deb [trusted=yes] copy:$repository ./" >"$log" 2>&1 ||
        { tail -n 5 "$log" >&2; die "making a Debian root failed (whole output: $log)"; }
}

# What a cloud image has that packages do not bring, and what every host must have of its own.
settle_root() {
    local root=$1 unit
    rm -f "$root"/etc/ssh/ssh_host_*_key*
    install -d "$root/var/lib/lab-apt"
    echo 'deb [trusted=yes] file:/var/lib/lab-apt ./' >"$root/etc/apt/sources.list"
    rm -f "$root"/etc/apt/sources.list.d/*
    chroot "$root" useradd --create-home --shell /bin/bash admin
    chroot "$root" useradd --create-home --shell /bin/bash debian
    echo 'debian ALL=(ALL) NOPASSWD:ALL' >"$root/etc/sudoers.d/debian"
    chmod 0440 "$root/etc/sudoers.d/debian"
    # More sessions may be opening at once than sshd's careful default of 10.
    printf 'MaxStartups 100:30:200\nUseDNS no\n' >"$root/etc/ssh/sshd_config.d/lab.conf"
    install -d "$root/etc/systemd/journald.conf.d"
    printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\n' >"$root/etc/systemd/journald.conf.d/lab.conf"
    for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer e2scrub_all.timer \
        e2scrub_reap.service getty.target systemd-timesyncd.service; do
        ln -sf /dev/null "$root/etc/systemd/system/$unit"
    done
    ln -sf /lib/systemd/system/multi-user.target "$root/etc/systemd/system/default.target"
    chroot "$root" apt-get update --option Dir::Etc::SourceList=/dev/null >/dev/null 2>&1 || true
}

# make_layer BASE NAME PACKAGE...: packages above the root as a layer of their own, since not every host has them.
make_layer() (
    base=$1 layer=$2 log=$DISK_ROOT/base.log merged=$1/merged
    shift 2
    # The mounts live in a namespace of their own and end with it, whatever happens.
    install -d "$merged" "$base/$layer" "$base/work"
    # shellcheck disable=SC2016
    unshare --mount --pid --fork --kill-child bash -euc '
        base=$1 layer=$2 merged=$1/merged
        shift 2
        mount -t overlay overlay -o "lowerdir=$base/root,upperdir=$base/$layer,workdir=$base/work" "$merged"
        mount -t proc proc "$merged/proc"
        mount --bind "$base/apt" "$merged/var/lib/lab-apt"
        printf "#!/bin/sh\nexit 101\n" >"$merged/usr/sbin/policy-rc.d"
        chmod 0755 "$merged/usr/sbin/policy-rc.d"
        export DEBIAN_FRONTEND=noninteractive
        chroot "$merged" apt-get update
        chroot "$merged" apt-get install -y --no-install-recommends "$@"
        chroot "$merged" apt-get clean
        rm "$merged/usr/sbin/policy-rc.d"
    ' - "$base" "$layer" "$@" </dev/null >"$log" 2>&1 ||
        { tail -n 5 "$log" >&2; die "installing $* failed (whole output: $log)"; }
    rm -rf "$base/work" "$merged"
)

# Removes what the labs have in common; packages of this machine stay.
clean_base() {
    local lab
    for lab in "$RUN_ROOT"/*/up; do
        [[ ! -e $lab ]] || die "lab '$(basename "$(dirname "$lab")")' is still up and uses it (lab down first)"
    done
    rm -rf "$BASE_ROOT" "$MOTO_VENV" "$DISK_ROOT"/*.log
}
