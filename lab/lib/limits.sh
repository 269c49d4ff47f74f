# shellcheck shell=bash
# What a lab changes on the machine itself: limits that a few hosts exhaust and the directory of named network
# namespaces. Changed while any lab is up, put back after the last one.

# systemd, the engine and sshd of a host hold about a dozen inotify instances; the kernel's default is 128 in all.
readonly LIMITS=(fs/inotify/max_user_instances=16384 fs/inotify/max_user_watches=524288 net/ipv4/neigh/default/gc_thresh3=16384)

# What the engines can not load themselves, since a host must not load modules. A kernel without modules has
# what it has.
readonly MODULES=(overlay bridge br_netfilter veth vxlan tun nf_tables nf_nat nf_conntrack_netlink xt_conntrack xt_MASQUERADE xt_addrtype
    xt_u32 xt_mark xt_policy xt_bpf xt_nat xt_REDIRECT xt_tcpudp xt_ipvs ip_vs ip_vs_rr xfrm_user xfrm_algo esp4 ah4 gcm authenc
    aesni_intel sch_netem wireguard nft_compat nft_xfrm)

load_modules() {
    local module
    [[ -d /lib/modules/$(uname -r) ]] && command -v modprobe >/dev/null || return 0
    for module in "${MODULES[@]}"; do modprobe -q "$module" || true; done
}

raise_limits() {
    local limit file wanted
    for limit in "${LIMITS[@]}"; do
        file=/proc/sys/${limit%=*} wanted=${limit#*=}
        [[ -w $file && $(<"$file") -lt $wanted ]] || continue
        printf '%s %s\n' "$file" "$(<"$file")" >>"$RUN_ROOT/.limits"
        echo "$wanted" >"$file"
    done
}

restore_limits() {
    local file value
    [[ -e $RUN_ROOT/.limits ]] || return 0
    while read -r file value; do echo "$value" >"$file"; done <"$RUN_ROOT/.limits"
    rm -f "$RUN_ROOT/.limits"
}

# The first 'ip netns add' of a machine makes /run/netns and mounts it on itself; nobody ever takes that away.
note_netns_mount() {
    mountpoint -q /run/netns || touch "$RUN_ROOT/.netns"
}

# A namespace that somebody else has put there since keeps it.
drop_netns_mount() {
    [[ -e $RUN_ROOT/.netns ]] || return 0
    rm -f "$RUN_ROOT/.netns"
    [[ -z $(find /run/netns -mindepth 1 -print -quit 2>/dev/null) ]] || return 0
    umount /run/netns 2>/dev/null || true
    rmdir /run/netns 2>/dev/null || true
}
