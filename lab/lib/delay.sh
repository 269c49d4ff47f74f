# shellcheck shell=bash
# Links with a delay. A kernel with netem does it itself; elsewhere two user-space switches with a
# wire filter between them do it (about 95 Mbit/s).
#
# Regions without delay meet on the WAN bridge. A delayed pair has a link of its own, and each router a route
# over it to every public address of the other region.

delay_half() { awk -v ms="$1" 'BEGIN { printf "%g", ms / 2 }'; }

has_netem() {
    if [[ ! -e $RUN_ROOT/.netem ]]; then
        if unshare --net sh -c 'ip link set lo up && tc qdisc add dev lo root netem delay 1ms' 2>/dev/null; then
            echo yes >"$RUN_ROOT/.netem"
        else
            echo no >"$RUN_ROOT/.netem"
        fi
    fi
    [[ $(<"$RUN_ROOT/.netem") == yes ]]
}

# delayed_link ONE_WAY_MS RECORD NAMESPACE1 INTERFACE1 NAMESPACE2 INTERFACE2; an empty namespace is this one.
delayed_link() {
    local ms=$1 record=$2 here=$3 interface=$4 there=$5 peer=$6
    if [[ $ms == 0 ]] || has_netem; then
        ip ${here:+-n "$here"} link add "$interface" type veth peer name "$peer" netns "$there"
        if [[ $ms != 0 ]]; then
            ip_tc "$here" qdisc add dev "$interface" root netem delay "${ms}ms" limit 20000
            ip_tc "$there" qdisc add dev "$peer" root netem delay "${ms}ms" limit 20000
        fi
    else
        start_switch "$record-1" "$here" "$interface"
        start_switch "$record-2" "$there" "$peer"
        start_wire "$record" "$ms"
    fi
    ip ${here:+-n "$here"} link set "$interface" up
    ip -n "$there" link set "$peer" up
}

ip_tc() {
    local namespace=$1
    shift
    tc ${namespace:+-n "$namespace"} "$@"
}

# The switch opens its tap where it stands. It goes to the background by itself: in the foreground it
# would end with its input.
start_switch() (
    record=$1 namespace=$2 interface=$3
    close_inherited
    enter_cgroup _lab
    command=(vde_switch -s "$RUN/$record.switch" -tap "$interface" -p "$RUN/$record.vde" -M "$RUN/$record.console" -d)
    [[ -z $namespace ]] || command=(nsenter --net="/run/netns/$namespace" -- "${command[@]}")
    setsid "${command[@]}" </dev/null >>"$RUN/link.log" 2>&1
    record_pid_file "$record"
)

start_wire() (
    record=$1 ms=$2
    close_inherited
    enter_cgroup _lab
    setsid wirefilter -v "$RUN/$record-1.switch:$RUN/$record-2.switch" -d "$ms" -M "$RUN/$record.console" \
        --daemon --pidfile "$RUN/$record.vde" </dev/null >>"$RUN/link.log" 2>&1
    record_pid_file "$record"
)

record_pid_file() {
    await 5 "link $1" test -s "$RUN/$1.vde"
    record_pid "$1" "$(<"$RUN/$1.vde")"
}

remove_delayed_link() {
    local record=$1 namespace=$2 interface=$3 part
    for part in "$record" "$record-1" "$record-2"; do
        end_recorded "$part" KILL || true
        rm -rf "$RUN/$part".{switch,console,vde}
    done
    ip -n "$namespace" link del "$interface" 2>/dev/null || true
}

# parse_delays TEXT REGION...: one figure for every pair of regions, or A:B=MS,...; prints 'A B MS' lines.
parse_delays() {
    local text=$1 item regions=() i j
    shift
    regions=("$@")
    if [[ $text =~ ^[0-9]+(\.[0-9]+)?$ ]]; then
        for ((i = 0; i < ${#regions[@]}; i++)); do
            for ((j = i + 1; j < ${#regions[@]}; j++)); do
                printf '%s %s %s\n' "${regions[i]}" "${regions[j]}" "$text"
            done
        done
        return
    fi
    for item in ${text//,/ }; do
        [[ $item =~ ^([a-z0-9-]+):([a-z0-9-]+)=([0-9]+(\.[0-9]+)?)$ ]] ||
            usage_error "invalid delay '$item': use a number of ms, or A:B=MS,..."
        [[ " ${regions[*]} " == *" ${BASH_REMATCH[1]} "* && " ${regions[*]} " == *" ${BASH_REMATCH[2]} "* &&
            ${BASH_REMATCH[1]} != "${BASH_REMATCH[2]}" ]] || usage_error "'$item' does not name two regions of the lab"
        printf '%s %s %s\n' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}"
    done
}

# Sets the round trip of a pair of regions; 0 puts it back on the WAN bridge.
delay_pair() {
    local a=$1 b=$2 ms=$3 swap number_a number_b record
    if [[ $a > $b ]]; then swap=$a a=$b b=$swap; fi
    load_region "$a"; number_a=$REGION_NUMBER
    load_region "$b"; number_b=$REGION_NUMBER
    record=link-$number_a-$number_b
    remove_delayed_link "$record" "$(router_namespace "$a")" "p$number_b"
    ip -n "$(router_namespace "$b")" link del "p$number_a" 2>/dev/null || true
    rm -f "$DISK/delays/$a:$b"
    if awk -v ms="$ms" 'BEGIN { exit !(ms > 0) }'; then
        delayed_link "$(delay_half "$ms")" "$record" "$(router_namespace "$a")" "p$number_b" "$(router_namespace "$b")" "p$number_a"
        echo "$ms" >"$DISK/delays/$a:$b"
        route_pair "$a" "$b"
    fi
}

# Gives each router of a delayed pair a route to every public address of the other.
route_pair() {
    local from to pair
    for pair in "$1 $2" "$2 $1"; do
        read -r from to <<<"$pair"
        load_region "$to"
        {
            printf 'route replace %s/32 dev p%s\n' "$REGION_ROUTER" "$REGION_NUMBER"
            local host
            for host in $(hosts_of_lab); do
                (load_host "$host" && [[ -z $HOST_PUBLIC || $HOST_REGION != "$to" ]] ||
                    printf 'route replace %s/32 dev p%s\n' "$HOST_PUBLIC" "$REGION_NUMBER")
            done
        } | ip -n "$(router_namespace "$from")" -batch -
    done
}

# Routes to the hosts of a region, again, after one has come.
route_delayed_pairs_of() {
    local file pair
    for file in "$DISK"/delays/*; do
        [[ -e $file ]] || continue
        pair=$(basename "$file")
        if [[ ${pair%:*} == "$1" || ${pair#*:} == "$1" ]]; then
            route_pair "${pair%:*}" "${pair#*:}"
        fi
    done
}
