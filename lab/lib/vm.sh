# shellcheck shell=bash
# The lab in a guest: qemu with Debian's own kernel, for what the kernel of this machine may lack.

readonly VM_ROOT=$DISK_ROOT/vm
readonly VM_PACKAGES=(
    "${HOST_PACKAGES[@]}" "${MACHINE_PACKAGES[@]}" linux-image-cloud-amd64 initramfs-tools
    libstdc++6 libssl3 zlib1g
)
# Needed on this machine to make and run the guest.
readonly VM_MACHINE_PACKAGES=(qemu-system-x86 e2fsprogs)
readonly VM_REVISION=1

vm_key() { printf '%s\n' "$VM_REVISION" "$(base_key)" "${KNOWN_ENGINES[@]}" "${VM_PACKAGES[@]}" | sha256sum | cut -c1-12; }
vm_directory() { printf '%s/%s' "$VM_ROOT" "$(vm_key)"; }

# The guest is kept like a lab whose name no lab can have.
select_vm() { LAB=.vm DISK=$VM_ROOT RUN=$RUN_ROOT/.vm; }

make_vm_image() {
    local directory engine
    directory=$(vm_directory)
    [[ ! -e $directory/complete ]] || return 0
    note "lab: building the guest's image (once; a few minutes)"
    # The guest has no network to fetch one from.
    for engine in "${KNOWN_ENGINES[@]}"; do ensure_engine "$engine"; done
    install_packages "${VM_MACHINE_PACKAGES[@]}"
    # An older guest is of no use any more, and large.
    rm -rf "$VM_ROOT"
    install -d -m 0700 "$directory"
    download_packages "$directory/apt" bookworm "${VM_PACKAGES[@]}"
    make_root "$directory/root" "$directory/apt" bookworm "${VM_PACKAGES[@]}"
    rm -rf "$directory/apt"
    furnish_guest "$directory"
    cp "$directory"/root/boot/vmlinuz-* "$directory/vmlinuz"
    cp "$directory"/root/boot/initrd.img-* "$directory/initrd"
    mke2fs -q -F -t ext4 -E lazy_itable_init=1,lazy_journal_init=1 -d "$directory/root" "$directory/disk.img" 12G
    rm -rf "$directory/root"
    touch "$directory/complete"
}

furnish_guest() {
    local directory=$1 root=$1/root unit
    echo lab-guest >"$root/etc/hostname"
    echo '127.0.0.1 localhost lab-guest' >"$root/etc/hosts"
    echo '/dev/vda / ext4 defaults 0 1' >"$root/etc/fstab"
    install -d "$root/etc/systemd/network"
    printf '[Match]\nType=ether\nName=en* eth*\n[Network]\nAddress=10.0.2.15/24\nLinkLocalAddressing=no\n' >"$root/etc/systemd/network/10-guest.network"
    chroot "$root" systemctl -q enable systemd-networkd
    for unit in apt-daily.timer apt-daily-upgrade.timer systemd-networkd-wait-online.service; do
        ln -sf /dev/null "$root/etc/systemd/system/$unit"
    done
    # These belong to the labs in the guest, not to the guest.
    chroot "$root" systemctl -q disable docker-registry 2>/dev/null || true
    ssh-keygen -q -t ed25519 -N '' -C 'lab guest' -f "$directory/key"
    install -d -m 0700 "$root/root/.ssh"
    install -m 0600 "$directory/key.pub" "$root/root/.ssh/authorized_keys"
    install -d -m 0700 "$root/var/lib/swarmops-lab" "$root/var/lib/swarmops-lab/.base"
    cp -a "$(base_directory)" "$root/var/lib/swarmops-lab/.base/"
    rm -rf "$root"/var/lib/swarmops-lab/.base/*/suites
    printf '[127.0.0.1] %s\n' "$(cut -d' ' -f1,2 "$root/etc/ssh/ssh_host_ed25519_key.pub")" >"$directory/host_key"
}

# The guest that runs may be older than the one that would be made now.
vm_ssh() {
    local directory
    directory=$(<"$RUN/directory")
    ssh -i "$directory/key" -p "$(<"$RUN/port")" -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o HostKeyAlias='[127.0.0.1]' \
        -o UserKnownHostsFile="$directory/host_key" -o ConnectTimeout=20 -o ServerAliveInterval=30 -o LogLevel=ERROR root@127.0.0.1 "$@"
}

vm_up() {
    local memory=3072 port accelerator=${LAB_VM_ACCEL:-tcg}
    if [[ ${1:-} == --memory ]]; then
        [[ ${2:-} =~ ^[0-9]+$ ]] || usage_error 'vm up: --memory needs a number of MiB'
        memory=$2
    fi
    if recorded_pid qemu >/dev/null; then
        note 'the guest is already up'
        return
    fi
    make_roots
    install_dependencies
    make_vm_image
    vm_down
    install -d -m 0700 "$RUN"
    make_cgroup _lab
    port=$(free_port)
    echo "$port" >"$RUN/port"
    vm_directory >"$RUN/directory"
    (
        close_inherited
        enter_cgroup _lab
        exec </dev/null >>"$RUN/console.log" 2>&1
        record_pid qemu "$BASHPID"
        # Writes go to a file that is deleted already: each start begins with the same disk.
        TMPDIR=$VM_ROOT exec setsid qemu-system-x86_64 -accel "$accelerator" $([[ $accelerator != kvm ]] && echo -cpu max || echo -cpu host) -smp 2 -m "$memory" \
            -display none -monitor none -serial stdio -no-reboot \
            -kernel "$(vm_directory)/vmlinuz" -initrd "$(vm_directory)/initrd" \
            -append 'root=/dev/vda rw console=ttyS0 quiet net.ifnames=0' \
            -drive "file=$(vm_directory)/disk.img,format=raw,if=virtio,snapshot=on,cache=unsafe" \
            -netdev "user,id=n,restrict=on,hostfwd=tcp:127.0.0.1:$port-:22" -device virtio-net-pci,netdev=n -device virtio-rng-pci
    ) &
    disown
    await 300 'the guest' vm_ssh true
    vm_copy "$LAB_HOME" lab
    note "the guest is up: $(vm_ssh uname -r)"
}

free_port() {
    local port
    for port in {42210..42290}; do
        ss -ltnH "( sport = :$port )" | grep -q . || { printf %s "$port"; return; }
    done
    die 'there is no free port for the guest'
}

vm_copy() {
    local folder=${1:-} name=${2:-}
    [[ -d $folder ]] || usage_error 'vm copy: a folder is required'
    name=${name:-$(basename "$(realpath "$folder")")}
    [[ $name =~ ^[A-Za-z0-9._-]+$ && $name != .* ]] || usage_error "vm copy: invalid name '$name'"
    tar -C "$folder" -cf - . | vm_ssh "rm -rf /opt/$name && mkdir -p /opt/$name && tar -C /opt/$name -xf -"
}

# An emulated processor is some ten times slower: what waits there waits longer.
vm_exec() {
    [[ $# -gt 0 ]] || usage_error 'vm exec: a command is required'
    [[ $1 != -- ]] || shift
    vm_ssh "export LAB_PATIENCE=${LAB_PATIENCE:-10} LAB_ENGINE=${LAB_ENGINE:-} PATH=\$PATH:/opt/lab; cd /opt; $(printf '%q ' "$@")"
}

vm_down() {
    kill_cgroup
    remove_cgroup
    rm -rf "${RUN:?}"
}

vm_nightly() {
    local keep=no result=0
    if [[ ${1:-} == --keep ]]; then
        keep=yes
        shift
    fi
    [[ ${1:-} != -- ]] || shift
    vm_up
    vm_exec /opt/lab/vm-proof "$@" || result=$?
    [[ $keep == yes ]] || vm_down
    return $result
}

vm_command() {
    local action=${1:-}
    [[ -n $action ]] || usage_error 'vm: use up, exec, copy, nightly or down'
    shift
    select_vm
    case $action in
        up) vm_up "$@" ;;
        down)
            make_roots
            vm_down
            ;;
        nightly) vm_nightly "$@" ;;
        exec | copy)
            recorded_pid qemu >/dev/null || die 'the guest is not up: start it with lab vm up'
            "vm_$action" "$@"
            ;;
        *) usage_error "vm: unknown action '$action'" ;;
    esac
}
