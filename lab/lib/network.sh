# shellcheck shell=bash
# The WAN, a router a region, and the rules between them.
#
# A host hangs on its region's router by a link of its own; the router answers ARP for its neighbours, so every
# packet of a host passes the router's rules, to the next host too. To the WAN the router does 1:1 NAT.

# What a cloud drops in silence must not come back as an ICMP error, which would end a connect at once.
readonly ROUTER_SETTINGS=(
    net.ipv4.ip_forward=1
    net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
    net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0
    net.ipv4.conf.default.proxy_arp=0
    net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
)

make_namespace() {
    local namespace=$1
    shift
    ip netns add "$namespace"
    # shellcheck disable=SC2016
    in_namespace "$namespace" bash -c 'for setting; do
            file=${setting%%=*}
            file=/proc/sys/${file//.//}
            [[ ! -e $file ]] || echo "${setting#*=}" >"$file"
        done
        exec ip link set lo up' - "$@"
}

make_wan() {
    local namespace
    namespace=$(wan_namespace)
    make_namespace "$namespace" net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    ip -n "$namespace" -batch - <<BATCH
link add wan type bridge forward_delay 0
link set wan up
address add $(wan_address)/26 dev wan
BATCH
    delayed_link "$(delay_half "${DELAY_ADMIN:-0}")" admin '' "swl$SLOT" "$namespace" admin
    ip -n "$namespace" link set admin master wan
    ip address add "$(admin_address)/26" dev "swl$SLOT"
}

make_router() {
    local region=$1 namespace
    namespace=$(router_namespace "$region")
    make_namespace "$namespace" "${ROUTER_SETTINGS[@]}"
    ip -n "$namespace" -batch - <<BATCH
link add wan type veth peer name r$REGION_NUMBER netns $(wan_namespace)
address add $REGION_ROUTER/26 dev wan
link set wan up
address add $REGION_GATEWAY/32 dev lo
route add blackhole default
route add blackhole $REGION_NETWORK.0/20
BATCH
    ip -n "$(wan_namespace)" link set "r$REGION_NUMBER" master wan up
    in_namespace "$namespace" nft -f - <<'RULES'
table ip lab {
    map public { type ipv4_addr : ipv4_addr; }
    map private { type ipv4_addr : ipv4_addr; }
    chain prerouting {
        type nat hook prerouting priority dstnat;
        dnat to ip daddr map @private
    }
    chain postrouting {
        type nat hook postrouting priority srcnat;
        oifname != "h*" snat to ip saddr map @public
        ct status dnat snat to ip saddr map @public
    }
    # A delayed link in user space takes what is in the packet. While a tunnel's inner checksum is still to be filled in, the kernel's
    # NAT leaves the outer one wrong, and the next router would take the packet for a broken one. Of a longer one, cut only on the way, it is right.
    chain delayed {
        type filter hook postrouting priority 200;
        oifname "p*" udp dport 4789 meta length < 1501 udp checksum set 0
    }
    chain output {
        type filter hook output priority filter;
        icmp type destination-unreachable icmp code { net-unreachable, host-unreachable } drop
    }
}
table ip fault {
    chain forward {
        type filter hook forward priority filter;
    }
}
RULES
    close_private_network "$REGION_NETWORK.0/20"
    start_daemon "dns-$region" "$namespace" dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root \
        --pid-file= --log-facility=- --listen-address="$REGION_GATEWAY" --bind-interfaces --no-resolv --no-hosts \
        --addn-hosts="$RUN/names" --local=/$DOMAIN/ --cache-size=0
}

# A program here that tries a private address must not send it to this machine's own gateway. The metric
# tells whose route it is: the networks are the same in every lab.
close_private_network() {
    if ! ip -4 -o route show match "$1" | grep -v '^default\|^blackhole' | grep -q .; then
        ip route replace blackhole "$1" metric $((4000 + SLOT))
    fi
}

open_private_networks() {
    local network
    ip -4 -o route show type blackhole metric $((4000 + $1)) | while read -r _ network _; do
        ip route del blackhole "$network" metric $((4000 + $1))
    done
}

# Public addresses are the router's own towards the WAN, and mapped to the host that has them.
map_host_address() {
    local namespace
    [[ -n $HOST_PUBLIC ]] || return 0
    namespace=$(router_namespace "$HOST_REGION")
    ip -n "$namespace" address add "$HOST_PUBLIC/32" dev wan
    in_namespace "$namespace" nft -f - <<RULES
add element ip lab private { $HOST_PUBLIC : $HOST_PRIVATE }
add element ip lab public { $HOST_PRIVATE : $HOST_PUBLIC }
RULES
}

unmap_host_address() {
    local namespace
    [[ -n $HOST_PUBLIC ]] || return 0
    namespace=$(router_namespace "$HOST_REGION")
    ip -n "$namespace" address del "$HOST_PUBLIC/32" dev wan 2>/dev/null || true
    in_namespace "$namespace" nft -f - <<RULES || true
delete element ip lab private { $HOST_PUBLIC }
delete element ip lab public { $HOST_PRIVATE }
RULES
}

# Links the namespace of process $1 to its router, as eth0, and gives it its address.
plug_host() {
    local pid=$1 router port=h$HOST_NUMBER
    router=$(router_namespace "$HOST_REGION")
    ip -n "$router" link del "$port" 2>/dev/null || true
    ip -n "$router" link add "$port" type veth peer name eth0 address "$HOST_MAC" netns "$pid"
    in_namespace "$router" sh -c "echo 1 >/proc/sys/net/ipv4/conf/$port/proxy_arp
        echo 0 >/proc/sys/net/ipv4/neigh/$port/proxy_delay"
    ip -n "$router" -batch - <<BATCH
link set $port up
route replace $HOST_PRIVATE/32 dev $port
BATCH
    nsenter --net="/proc/$pid/ns/net" ip -batch - <<BATCH
address add $HOST_PRIVATE/$HOST_PREFIX dev eth0
link set eth0 up
route add default via $HOST_GATEWAY
BATCH
}

unplug_host() { ip -n "$(router_namespace "$HOST_REGION")" link del "h$HOST_NUMBER" 2>/dev/null || true; }

# Writes the names that the regions' resolvers know, and makes them read it.
publish_names() {
    local host region pid
    {
        printf '%s registry.%s\n' "$(wan_address)" "$DOMAIN"
        for host in $(hosts_of_lab); do
            (load_host "$host" && [[ -z $HOST_PUBLIC ]] || printf '%s %s.%s\n' "$HOST_PUBLIC" "$host" "$DOMAIN")
        done
    } >"$RUN/names.new"
    mv "$RUN/names.new" "$RUN/names"
    for region in $(regions_of_lab); do
        pid=$(recorded_pid "dns-$region") && kill -HUP "$pid"
    done
    return 0
}

start_registry() {
    serve_registry registry "$REGISTRY_PORT" ''
    [[ -s $DISK/registry-password ]] || (umask 077 && random_word 24 >"$DISK/registry-password")
    # The registry takes bcrypt only.
    # shellcheck disable=SC2016
    perl -e 'my ($user, $salt) = @ARGV; print "$user:", crypt(<STDIN>, "\$2b\$05\$$salt"), "\n"' \
        "$PRIVATE_REGISTRY_USER" "$(random_word 21)." <"$DISK/registry-password" >"$DISK/registry-users"
    serve_registry private-registry "$PRIVATE_REGISTRY_PORT" "auth: {htpasswd: {realm: lab, path: $DISK/registry-users}}"
}

random_word() { od -An -v -N "$1" -t x1 /dev/urandom | tr -d ' \n' | cut -c "1-$1" | tr -d '\n'; }

# serve_registry NAME PORT LINE: LINE is added to its configuration.
serve_registry() {
    local name=$1 port=$2 line=$3
    install -d "$DISK/$name"
    cat >"$DISK/$name.yml" <<YAML
version: 0.1
log: {level: warn}
storage: {filesystem: {rootdirectory: $DISK/$name}, delete: {enabled: true}}
http: {addr: $(wan_address):$port}
$line
YAML
    start_daemon "$name" "$(wan_namespace)" docker-registry serve "$DISK/$name.yml"
}

remove_namespaces() {
    local namespace
    for namespace in /run/netns/"swl-$LAB-"*; do
        [[ -e $namespace ]] && remove_namespace "$(basename "$namespace")"
    done
    return 0
}

# Only the lab's own: 'swl-a-b' could be region b of lab a, or the wan of lab a-b.
remove_namespace() {
    local namespace=$1 rest=${1#"swl-$LAB-"}
    [[ $rest == wan || -e $DISK/regions/$rest ]] || return 0
    ip netns delete "$namespace" 2>/dev/null || true
    rm -f "/run/netns/$namespace"
}
