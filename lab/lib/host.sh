# shellcheck shell=bash
# Hosts: their disk, their life under a supervisor, and what runs inside them.

# What a host must not do to the machine: set its clock, load modules.
readonly FORBIDDEN=-sys_time,-sys_module

readonly HOST_LAYERS=(upper work docker containerd srv)

# Makes a region's settings; its router comes with make_router.
make_region() {
    local region=$1
    REGION_NUMBER=$(regions_of_lab | wc -l)
    ((REGION_NUMBER < REGION_LIMIT)) || die "a lab holds $REGION_LIMIT regions"
    REGION_NETWORK=$(region_network "$REGION_NUMBER")
    REGION_GATEWAY=$REGION_NETWORK.1
    REGION_ROUTER=$(router_address "$REGION_NUMBER")
    write_conf "$DISK/regions/$region" REGION_NUMBER REGION_NETWORK REGION_GATEWAY REGION_ROUTER
}

# Makes the disk and settings of a new host: make_host REGION ENGINE|no. Sets HOST_*.
make_host() {
    local region=$1
    load_region "$region"
    HOST_ENGINE=$2 HOST_CLOUD=no HOST_REGION=$region HOST_GATEWAY=$REGION_GATEWAY HOST_PREFIX=20
    HOST_NUMBER=$(next_host_number)
    HOST_NAME=$(next_host_name "$region")
    HOST_HOSTNAME=$HOST_NAME
    choose_addresses "$HOST_NUMBER" "$REGION_NETWORK"
    lay_out_host
}

# Makes the disk of the host that HOST_* describe, and keeps its settings.
lay_out_host() {
    local folder
    # shellcheck disable=SC2086
    HOST_MAC=$(printf '02:4c:%02x:%02x:%02x:%02x' ${HOST_PRIVATE//./ })
    folder=$DISK/hosts/$HOST_NAME
    install -d -m 0755 "${HOST_LAYERS[@]/#/$folder/}"
    install -d -m 0700 "$RUN/hosts/$HOST_NAME/root"
    chmod 0711 "$folder/docker"
    furnish_host "$folder/upper"
    HOST_FINGERPRINT=$(ssh-keygen -lf "$folder/upper/etc/ssh/ssh_host_ed25519_key.pub" | cut -d' ' -f2)
    write_host_conf
    make_host_known
}

write_host_conf() {
    write_conf "$DISK/hosts/$HOST_NAME/host.conf" HOST_NAME HOST_NUMBER HOST_REGION HOST_ENGINE HOST_CLOUD HOST_HOSTNAME \
        HOST_PUBLIC HOST_PRIVATE HOST_PREFIX HOST_GATEWAY HOST_MAC HOST_FINGERPRINT
}

make_host_known() {
    local type key
    read -r type key _ <"$DISK/hosts/$HOST_NAME/upper/etc/ssh/ssh_host_ed25519_key.pub"
    printf '%s%s.%s %s %s\n' "${HOST_PUBLIC:+$HOST_PUBLIC,}" "$HOST_NAME" "$DOMAIN" "$type" "$key" >>"$DISK/known_hosts"
}

forget_host_key() { sed -i -E "/^([0-9.]+,)?$HOST_NAME\\.$DOMAIN /d" "$DISK/known_hosts"; }

next_host_number() {
    local number=0
    [[ ! -e $DISK/last-number ]] || number=$(($(<"$DISK/last-number") + 1))
    echo "$number" >"$DISK/last-number"
    printf %s "$number"
}

# The first host of a region is called like it, the others have a number.
next_host_name() {
    local name=$1 number=1
    while [[ -e $DISK/hosts/$name ]]; do
        number=$((number + 1))
        name=$1-$number
    done
    printf %s "$name"
}

# Writes a host's own files into the upper layer of its root.
furnish_host() {
    local upper=$1 type user owner
    install -d -m 0755 "$upper"/etc "$upper"/etc/ssh "$upper"/etc/docker "$upper"/etc/pam.d "$upper"/home
    # Nobody reads the message of the day, and its scripts would run at each of thousands of logins.
    sed '/pam_motd/d' "$(base_directory)/root/etc/pam.d/sshd" | install -m 0644 /dev/stdin "$upper/etc/pam.d/sshd"
    echo "$HOST_HOSTNAME" >"$upper/etc/hostname"
    tr -d - </proc/sys/kernel/random/uuid >"$upper/etc/machine-id"
    printf '127.0.0.1 localhost\n%s %s\n' "$HOST_PRIVATE" "$HOST_HOSTNAME" >"$upper/etc/hosts"
    printf 'nameserver %s\noptions timeout:1 attempts:1\n' "$REGION_GATEWAY" >"$upper/etc/resolv.conf"
    printf '{ "insecure-registries": ["registry.%s:%s", "registry.%s:%s"] }\n' "$DOMAIN" "$REGISTRY_PORT" "$DOMAIN" "$PRIVATE_REGISTRY_PORT" >"$upper/etc/docker/daemon.json"
    for type in ed25519 ecdsa; do
        ssh-keygen -q -t "$type" -N '' -C "root@$HOST_HOSTNAME" -f "$upper/etc/ssh/ssh_host_${type}_key"
    done
    install -d -m 0700 "$upper/root"
    # Into an instance only its own key pair leads; cloud-init puts it there.
    [[ $HOST_CLOUD == no ]] || return 0
    for user in root admin debian; do
        owner=$upper/home/$user
        [[ $user != root ]] || owner=$upper/root
        install -d -m 0700 "$owner" "$owner/.ssh"
        install -m 0600 "$DISK/key.pub" "$owner/.ssh/authorized_keys"
        if [[ $user != root ]]; then
            chown -R --reference="$(base_directory)/root/home/$user" "$owner"
        fi
    done
    [[ $HOST_ENGINE == no ]] || furnish_engine "$upper" "$HOST_ENGINE"
}

# A host's life goes on without the command that started it.
start_supervisor() {
    local host=$1
    (
        close_inherited
        make_cgroup "$host"
        enter_cgroup _lab
        exec </dev/null >>"$RUN/hosts/$host/supervisor.log" 2>&1
        exec setsid "$LAB_HOME/libexec/host-supervisor" "$LAB" "$host"
    ) &
    disown
}

# What the supervisor runs: boots the host, again after each reboot, until it is powered off.
supervise_host() {
    local host=$1 status
    load_host "$host"
    record_pid "hosts/$host/supervisor" "$BASHPID"
    find_base_key
    while true; do
        status=0
        boot_host "$host" || status=$?
        [[ -z ${CONSOLE_READER:-} ]] || kill "$CONSOLE_READER" 2>/dev/null || true
        unplug_host
        kill_cgroup "$host"
        remove_cgroup "$host"
        # The kernel tells how the first process of the host ended: SIGHUP for a reboot (reboot(2)). One that
        # was killed asks for nothing; whoever killed it did.
        [[ ! -e $RUN/hosts/$host/stop ]] || break
        ((status == 129)) || [[ -e $RUN/hosts/$host/reset ]] || break
        rm -f "$RUN/hosts/$host/reset"
        make_cgroup "$host"
    done
    rm -f "$RUN/hosts/$host"/{stop,reset}
    set_host_state "$host" stopped
}

set_host_state() {
    echo "$2" >"$RUN/hosts/$1/state.new"
    mv "$RUN/hosts/$1/state.new" "$RUN/hosts/$1/state"
}

# One life of a host, from power on to power off.
boot_host() {
    local host=$1 folder=$RUN/hosts/$1 lower shell init own=''
    set_host_state "$host" booting
    lower=$(base_directory)/root
    [[ $HOST_ENGINE == no ]] || lower=$(base_directory)/engine:$lower
    [[ $HOST_CLOUD == no ]] || lower=$(base_directory)/cloud:$lower
    [[ $HOST_ENGINE != /* ]] || own=${HOST_ENGINE%/*}
    rm -f "$folder/gate" "$folder/console"
    mkfifo -m 0600 "$folder/gate"
    [[ $HOST_CLOUD == no ]] || start_console "$folder"
    (
        enter_cgroup "$host"
        record_pid "hosts/$host/machine" "$BASHPID"
        exec env --default-signal setsid unshare --mount --uts --ipc --net --pid --cgroup --time \
            --boottime "-$(cut -d. -f1 /proc/uptime)" --fork --kill-child \
            "$LAB_HOME/libexec/host-init" "$lower" "$DISK/hosts/$host" "$folder/root" "$HOST_HOSTNAME" \
            "$(base_directory)/apt" "$folder/gate" "$(engines_directory)" "$own"
    ) </dev/null >>"$folder/console.log" 2>&1 &
    shell=$!
    await 10 "the first process of $host" first_process "$shell"
    init=$(first_process "$shell")
    record_pid "hosts/$host/init" "$init"
    # The host's systemd hands out controllers from the top of its group, where no other process may be.
    move_to_cgroup _lab "$shell"
    plug_host "$init"
    ln -sfn "/proc/$init/root/run/docker.sock" "$folder/docker.sock"
    echo go >"$folder/gate"
    set_host_state "$host" running
    wait "$shell"
}

# What is written to the console of an instance comes after what its first process printed. The reader holds the
# fifo open for writing too, so that nobody waits for it.
start_console() {
    mkfifo -m 0600 "$1/console"
    cat <>"$1/console" >>"$1/console.log" &
    CONSOLE_READER=$!
}

# Prints the child of a host's 'unshare' once it runs host-init: only then is it in its namespaces.
first_process() {
    local child
    child=$(pgrep -P "$1" -x host-init) && printf %s "$child"
}

host_init() { recorded_pid "hosts/$1/init"; }

# What leads into a host, in ENTRY: the words before a command.
find_entry() {
    local init
    init=$(host_init "$1") || die "host '$1' is not running"
    ENTRY=(nsenter --target "$init" --mount --uts --ipc --net --pid --cgroup --time --wdns=/ --
        setpriv --bounding-set "$FORBIDDEN" env -i HOME=/root USER=root TERM="${TERM:-dumb}" LANG=C.UTF-8
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
}

# Runs a command inside a host.
in_host() {
    local ENTRY
    find_entry "$1"
    shift
    "${ENTRY[@]}" "$@"
}

# Ready: sshd greets, and the engine, where there is one, has said that it serves.
host_is_ready() (
    local host=$1 banner='' state='' root units
    load_host "$host"
    root=/proc/$(host_init "$host")/root || return 1
    read -r state <"$RUN/hosts/$host/state"
    [[ $state == running ]] || return 1
    # Before these are there, to ask systemd only slows the boot down.
    [[ -e $root/run/sshd.pid ]] || return 1
    [[ $HOST_ENGINE == no || -e $root/run/docker.pid ]] || return 1
    units=(ssh)
    [[ $HOST_ENGINE == no ]] || units+=(docker)
    [[ $(in_host "$host" systemctl is-active "${units[@]}" | sort -u) == active ]] || return 1
    [[ -n $HOST_PUBLIC ]] || return 0
    read -r -t 2 banner <"/dev/tcp/$HOST_PUBLIC/22" || return 0
    [[ $banner == SSH-* ]]
) 2>/dev/null

# Booting takes 5 s alone; beside two other labs on two slow processors it has taken more than three minutes.
await_host() {
    await 300 "host $1 (see $RUN/hosts/$1/console.log)" host_is_ready_or_off "$1"
    ! host_is_stopped "$1" || die "host $1 went off at once (see $RUN/hosts/$1/console.log and supervisor.log)"
}

host_is_ready_or_off() { host_is_stopped "$1" || host_is_ready "$1"; }

# First start of a host: from nothing to ready, with the lab's image in its engine.
bring_up_host() {
    local host=$1
    load_host "$host"
    set_host_state "$host" booting
    start_supervisor "$host"
    await_host "$host"
    [[ $HOST_ENGINE == no ]] || load_image_into "$host"
}

stop_host() {
    local host=$1 how=${2:-}
    load_host "$host"
    host_init "$host" >/dev/null || return 0
    touch "$RUN/hosts/$host/stop"
    [[ $how == --hard ]] || timeout 20 nsenter --target "$(host_init "$host")" --all systemctl poweroff 2>/dev/null || true
    if [[ $how == --hard ]] || ! wait_for_end "$host" "$(host_init "$host" || true)" 20; then
        end_recorded "hosts/$host/init" KILL || true
    fi
    await 10 "stopping $host" host_is_stopped "$host"
}

host_is_stopped() { [[ -e $RUN/hosts/$1/state && $(<"$RUN/hosts/$1/state") == stopped ]]; }

# Whether that life of the host has ended within so many seconds.
wait_for_end() {
    local pid=$2 deadline=$((SECONDS + $3))
    [[ -n $pid ]] || return 0
    while [[ $(host_init "$1" || true) == "$pid" ]]; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

reboot_host() {
    local host=$1 how=${2:-} before
    load_host "$host"
    before=$(host_init "$host") || die "host '$host' is not running (lab host start $host)"
    if [[ $how != --hard ]]; then
        timeout 20 nsenter --target "$before" --all systemctl reboot 2>/dev/null || true
    fi
    if [[ $how == --hard ]] || ! wait_for_end "$host" "$before" 30; then
        touch "$RUN/hosts/$host/reset"
        kill -KILL "$before" 2>/dev/null || true
        wait_for_end "$host" "$before" 10 || die "host '$host' does not end"
    fi
}

host_is_unattended() { ! recorded_pid "hosts/$1/supervisor" >/dev/null; }

start_host() {
    local host=$1
    load_host "$host"
    # The supervisor of a host that has gone off says so, and ends a moment later.
    ! host_is_stopped "$host" || await 10 "the end of $host" host_is_unattended "$host"
    if host_is_unattended "$host"; then
        set_host_state "$host" booting
        start_supervisor "$host"
    fi
    await_host "$host"
}

add_region() {
    local region=$1
    [[ ! -e $DISK/regions/$region ]] || return 0
    valid_name "$region" || usage_error "not a region name: '$region'"
    make_region "$region"
    load_region "$region"
    make_router "$region"
    publish_names
}

add_host() {
    local region=$1 engine=$2
    [[ $engine == no ]] || engine=$(engine_name "$engine")
    add_region "$region"
    make_host "$region" "$engine"
    map_host_address
    route_delayed_pairs_of "$region"
    apply_faults
    publish_names
    bring_up_host "$HOST_NAME"
    printf '%s\n' "$HOST_NAME"
}

# Gives a host another engine, as an upgrade of its packages would: what the engine keeps on disk stays.
switch_engine() {
    local host=$1 engine=$2 init
    load_host "$host"
    [[ $HOST_ENGINE != no ]] || die "host '$host' has no engine of the lab"
    is_engine_version "$engine" || usage_error "host engine: a version (${KNOWN_ENGINES[*]}), not '$engine': a program can only be chosen when a host is made"
    HOST_ENGINE=$engine
    if init=$(host_init "$host"); then
        in_host "$host" systemctl stop docker.socket docker containerd
        furnish_engine "/proc/$init/root" "$engine"
        write_host_conf
        in_host "$host" systemctl daemon-reload
        in_host "$host" systemctl start docker ||
            die "the engine of $host does not start (lab exec $host -- journalctl -u docker)"
        await_host "$host"
    else
        furnish_engine "$DISK/hosts/$host/upper" "$engine"
        write_host_conf
    fi
}

# Gives a host another public address, as a cloud does when an address is moved away; prints it. What has been talked of under the old one ends.
readdress_host() {
    local host=$1 before
    load_host "$host"
    [[ $HOST_CLOUD == no ]] || die "'$host' is an instance: its addresses are those of the EC2 endpoint"
    before=$HOST_PUBLIC
    take_other_address
    local after=$HOST_PUBLIC
    HOST_PUBLIC=$before
    unmap_host_address
    forget_host_key
    HOST_PUBLIC=$after
    write_host_conf
    make_host_known
    map_host_address
    forget_connections "$before" "$after"
    rmdir "$DISK/addresses/$before"
    route_delayed_pairs_of "$HOST_REGION"
    apply_faults
    publish_names
    printf '%s\n' "$after"
}

remove_host() {
    local host=$1
    load_host "$host"
    stop_host "$host" --hard
    unmap_host_address
    forget_host_key
    rm -rf "${DISK:?}/hosts/$host" "${RUN:?}/hosts/$host"
    # The addresses of instances are the endpoint's.
    [[ $HOST_CLOUD == yes ]] || rmdir "$DISK/addresses/$HOST_PUBLIC"
    forget_faults_of "$host"
    publish_names
}

host_command() {
    local action=${1:-} subject=${2:-} engine='' how='' wait=no
    [[ $# -ge 2 ]] || usage_error 'host: give an action and a host (or a region to add one)'
    shift 2
    if [[ $action == engine ]]; then
        [[ $# -eq 1 ]] || usage_error 'host engine: give a host and a version'
        engine=$1
        shift
    fi
    while [[ $# -gt 0 ]]; do
        case $1 in
            --engine)
                [[ $# -ge 2 ]] || usage_error "host $action: --engine lacks its value"
                engine=$2
                shift
                ;;
            --no-engine) engine=no ;;
            --wait) wait=yes ;;
            --hard) how=--hard ;;
            *) usage_error "host $action: unknown option '$1'" ;;
        esac
        shift
    done
    [[ -z $engine || $engine == no ]] || check_engine "host $action" "$engine"
    require_lab
    [[ $action != add ]] || engine=${engine:-$ENGINE}
    # To fetch one takes longer than others should wait for the lab.
    [[ -z $engine || $engine == no ]] || ensure_engine "$engine"
    lock_lab
    [[ $action == add ]] || load_host "$subject"
    case $action in
        add) add_host "$subject" "$engine" ;;
        engine) switch_engine "$subject" "$engine" ;;
        address) readdress_host "$subject" ;;
        remove) remove_host "$subject" ;;
        reboot)
            reboot_host "$subject" "$how"
            [[ $wait == no ]] || await_host "$subject"
            ;;
        stop) stop_host "$subject" "$how" ;;
        start) start_host "$subject" ;;
        *) usage_error "host: unknown action '$action'" ;;
    esac
}
