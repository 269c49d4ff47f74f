# shellcheck shell=bash
# A whole lab: up and down.

up_command() {
    local regions='' per_region=1 delay=0 engine=${LAB_ENGINE:-$DEFAULT_ENGINE} ec2=no option
    DELAY_ADMIN=0 PACKAGES=yes
    while [[ $# -gt 0 ]]; do
        option=$1
        if [[ $option == --ec2 ]]; then
            ec2=yes
            shift
            continue
        fi
        if [[ $option == --no-packages ]]; then
            PACKAGES=no
            shift
            continue
        fi
        [[ $# -ge 2 ]] || usage_error "up: '$option' is unknown or lacks its value"
        case $option in
            --regions) regions=$2 ;;
            --hosts-per-region) per_region=$2 ;;
            --delay) delay=$2 ;;
            --delay-admin) DELAY_ADMIN=$2 ;;
            --engine) engine=$2 ;;
            *) usage_error "up: unknown option '$option'" ;;
        esac
        shift 2
    done
    [[ -n $regions || $ec2 == yes ]] || regions=eu-central-1,us-east-1,us-west-1
    check_up "$regions" "$per_region" "$engine" "$delay"
    if lab_is_up; then
        note "lab '$LAB' is up already"
        [[ $ec2 == no ]] || restart_ec2
        return
    fi
    make_roots
    install_dependencies
    [[ $ec2 == no ]] || moto_python >/dev/null
    [[ -z $regions ]] || ensure_engine "$engine"
    # What a killed 'up' left is taken down first.
    remove_lab
    build_lab "$regions" "$per_region" "$delay" "$engine" "$ec2"
    touch "$RUN/up"
    note "lab '$LAB' is up"
}

check_up() {
    local region count=0
    local regions=()
    IFS=, read -r -a regions <<<"$1"
    for region in "${regions[@]}"; do
        valid_name "$region" || usage_error "up: not a region name: '$region'"
        count=$((count + 1))
    done
    ((count <= REGION_LIMIT)) || usage_error "up: at most $REGION_LIMIT regions"
    [[ $2 =~ ^[0-9]+$ && $2 -ge 1 && $(($2 * count)) -le $HOST_OFFSETS ]] ||
        usage_error "up: --hosts-per-region: 1 or more, and at most $HOST_OFFSETS hosts in all"
    [[ $DELAY_ADMIN =~ ^[0-9]+$ ]] || usage_error "up: --delay-admin: a number of ms, not '$DELAY_ADMIN'"
    check_engine up "$3"
    ((count == 0)) || [[ $(printf '%s\n' "${regions[@]}" | sort -u | wc -l) -eq $count ]] || usage_error "up: a region stands twice in '$1'"
    parse_delays "$4" "${regions[@]}" >/dev/null
}

build_lab() {
    local regions=$1 per_region=$2 delay=$3 region host number a b ms jobs=() job
    lock_lab
    install -d -m 0700 "$DISK" "$DISK"/{hosts,regions,delays} "$RUN" "$RUN/hosts"
    make_cgroup _lab
    # From here on whatever this command starts is found by 'down', even if this command is killed.
    enter_cgroup _lab
    ENGINE=$(engine_name "$4")
    take_slot
    write_conf "$DISK/lab.conf" SLOT PREFIX FIRST ENGINE DELAY_ADMIN PACKAGES
    ssh-keygen -q -t ed25519 -N '' -C "lab $LAB" -f "$DISK/key"
    : >"$DISK/known_hosts"
    chmod 0600 "$DISK/known_hosts"
    write_ssh_config
    : >"$RUN/names"
    make_wan
    [[ $5 == no ]] || start_ec2
    for region in ${regions//,/ }; do
        make_region "$region"
        make_router "$region"
    done
    start_registry
    for region in ${regions//,/ }; do
        for ((number = 0; number < per_region; number++)); do
            make_host "$region" "$ENGINE"
            map_host_address
        done
    done
    # shellcheck disable=SC2086
    while read -r a b ms; do delay_pair "$a" "$b" "$ms"; done < <(parse_delays "$delay" ${regions//,/ })
    publish_names
    for host in $(hosts_of_lab); do
        bring_up_host "$host" &
        jobs+=($!)
    done
    for job in ${jobs[@]+"${jobs[@]}"}; do wait "$job" || die "the lab did not come up (lab down --name $LAB cleans up)"; done
    [[ $5 == no ]] || await_ec2
}

restart_ec2() {
    require_lab
    start_ec2
    await_ec2
}

# For 'ssh -F FILE HOST.lab' from this machine, whose own resolver does not know the lab's names.
write_ssh_config() {
    cat >"$DISK/ssh_config" <<CONFIG
Host *
    User root
    IdentityFile $DISK/key
    IdentitiesOnly yes
    UserKnownHostsFile $DISK/known_hosts
    StrictHostKeyChecking yes
CONFIG
}

down_command() {
    [[ $# -eq 0 ]] || usage_error "down: unknown option '$1'"
    make_roots
    remove_lab
    note "lab '$LAB' is down"
}

deps_command() {
    local ec2=no packages=() word
    for word; do
        if [[ $word == --ec2 ]]; then ec2=yes; else packages+=("$word"); fi
    done
    make_roots
    install_dependencies ${packages[@]+"${packages[@]}"}
    [[ $ec2 == no ]] || moto_python >/dev/null
}

# Ends and removes whatever there is of a lab, in an order that leaves nothing even if the lab was half up.
remove_lab() {
    rm -f "$RUN/up"
    kill_cgroup
    remove_namespaces
    free_slots
    remove_cgroup
    rm -rf "${DISK:?}" "${RUN:?}" "$RUN_ROOT/.$LAB.lock"
}
