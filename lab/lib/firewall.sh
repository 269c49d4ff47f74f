# shellcheck shell=bash
# Security groups: the router lets into an instance only what they allow, and what answers the instance.

# Rules of one instance come as lines of nftables matches on standard input; every other packet is lost.
open_firewall() {
    local host=$1 match
    load_host "$host"
    {
        cat <<RULES
table ip groups {
    chain enter { type filter hook postrouting priority srcnat + 10; }
    chain h$HOST_NUMBER { }
}
flush chain ip groups h$HOST_NUMBER
add rule ip groups h$HOST_NUMBER ct state established,related accept
RULES
        while read -r match; do printf 'add rule ip groups h%s %s accept\n' "$HOST_NUMBER" "$match"; done
        printf 'add rule ip groups h%s drop\n' "$HOST_NUMBER"
        has_firewall || printf 'add rule ip groups enter oifname "h%s" jump h%s\n' "$HOST_NUMBER" "$HOST_NUMBER"
    } | in_namespace "$(router_namespace "$HOST_REGION")" nft -f -
}

# Not by a pipe: a reader that has seen enough would end nft by a signal, which looks like "no".
has_firewall() {
    grep -q "jump h$HOST_NUMBER\$" < <(in_namespace "$(router_namespace "$HOST_REGION")" nft list chain ip groups enter 2>/dev/null)
}

close_firewall() {
    local router handle
    load_host "$1"
    router=$(router_namespace "$HOST_REGION")
    for handle in $(in_namespace "$router" nft -a list chain ip groups enter 2>/dev/null | sed -n "s/.* jump h$HOST_NUMBER # handle //p"); do
        in_namespace "$router" nft "delete rule ip groups enter handle $handle"
    done
    in_namespace "$router" nft delete chain ip groups "h$HOST_NUMBER" 2>/dev/null || true
}
