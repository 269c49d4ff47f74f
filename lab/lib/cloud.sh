# shellcheck shell=bash
# Hosts that are instances of the EC2 endpoint: what the endpoint asks for by libexec/ec2-host. Their first boot is
# cloud-init's own, with the data that the endpoint has put on their disk.

# How cloud-init works in an instance: the data is on the disk, network and apt's sources are the lab's, host keys are
# made before the first boot, and of the modules those that change a disk or a clock are left out.
settle_cloud() {
    cat >"$1/etc/cloud/cloud.cfg.d/90-lab.cfg" <<'CONFIG'
datasource_list: [NoCloud]
network: {config: disabled}
system_info:
  default_user:
    name: ubuntu
    gecos: Ubuntu
    groups: [adm, sudo]
    sudo: ['ALL=(ALL) NOPASSWD:ALL']
    shell: /bin/bash
    lock_passwd: true
ssh_deletekeys: false
ssh_genkeytypes: [ed25519, ecdsa]
apt_preserve_sources_list: true
apt: {preserve_sources_list: true}
cloud_init_modules: [bootcmd, write-files, set_hostname, update_hostname, users-groups, ssh]
cloud_config_modules: [set-passwords, apt-configure, runcmd]
cloud_final_modules: [package-update-upgrade-install, write-files-deferred, scripts-per-once, scripts-per-boot,
  scripts-per-instance, scripts-user, ssh-authkey-fingerprints, keys-to-console, final-message, power-state-change]
CONFIG
}

# The endpoint writes the settings of a new instance, and its seed for cloud-init, to $DISK/ec2/ID.
create_cloud_host() {
    local VPC_NETWORK=''
    lock_lab
    HOST_NAME=$1 HOST_ENGINE=no HOST_CLOUD=yes HOST_PUBLIC=''
    # shellcheck source=/dev/null
    . "$DISK/ec2/$1/settings"
    add_region "$HOST_REGION"
    load_region "$HOST_REGION"
    HOST_NUMBER=$(next_host_number)
    lay_out_host
    install -d "$DISK/hosts/$1/upper/var/lib/cloud/seed"
    cp -r "$DISK/ec2/$1/seed" "$DISK/hosts/$1/upper/var/lib/cloud/seed/nocloud"
    if [[ ${PACKAGES:-yes} == no ]]; then
        install -d "$DISK/hosts/$1/upper/etc/apt"
        : >"$DISK/hosts/$1/upper/etc/apt/sources.list"
    fi
    ip -n "$(router_namespace "$HOST_REGION")" address replace "$HOST_GATEWAY/32" dev lo
    close_private_network "$VPC_NETWORK"
    map_host_address
    route_delayed_pairs_of "$HOST_REGION"
    apply_faults
    publish_names
    unlock_lab
    set_host_state "$1" booting
    start_supervisor "$1"
}

# Gives an instance another public address, or, without one, takes it away. What has been talked of under the old one ends.
address_cloud_host() {
    local before
    lock_lab
    load_host "$1"
    before=$HOST_PUBLIC
    unmap_host_address
    forget_host_key
    HOST_PUBLIC=${2:-}
    write_host_conf
    make_host_known
    map_host_address
    forget_connections "$before" "$HOST_PUBLIC"
    route_delayed_pairs_of "$HOST_REGION"
    publish_names
    unlock_lab
}

forget_connections() {
    local address
    in_namespace "$(router_namespace "$HOST_REGION")" conntrack -D -s "$HOST_PRIVATE" >/dev/null 2>&1 || true
    for address; do
        [[ -z $address ]] || in_namespace "$(router_namespace "$HOST_REGION")" conntrack -D -d "$address" >/dev/null 2>&1 || true
    done
}

remove_cloud_host() {
    [[ -e $DISK/hosts/$1/host.conf ]] || return 0
    stop_host "$1" --hard
    lock_lab
    close_firewall "$1"
    remove_host "$1"
    rm -rf "${DISK:?}/ec2/$1"
    unlock_lab
}

cloud_hosts() {
    local host
    for host in $(hosts_of_lab); do (load_host "$host" && [[ $HOST_CLOUD == no ]] || printf '%s\n' "$host"); done
}

# What the endpoint may ask for.
cloud_host_command() {
    local action=$1 host=$2
    shift 2
    [[ -e $RUN ]] || exit 0
    case $action in
        create) create_cloud_host "$host" ;;
        address) address_cloud_host "$host" "$@" ;;
        firewall) open_firewall "$host" ;;
        start) load_host "$host" && await 10 "the end of $host" host_is_unattended "$host" && set_host_state "$host" booting && start_supervisor "$host" ;;
        stop) stop_host "$host" ;;
        reboot) reboot_host "$host" ;;
        remove) remove_cloud_host "$host" ;;
    esac
}
