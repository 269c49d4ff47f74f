# shellcheck shell=bash
# Which addresses a lab, its regions and its hosts have.
#
# A lab takes one slot: a /26 of the three documentation networks (RFC 5737), and, when those are all taken, of
# the benchmarking network (RFC 2544). Within it: .1 up to .44 hosts, .45 up to .60 routers, .61 the WAN
# (registry), .62 the root namespace.

readonly HOST_OFFSETS=44
readonly FIRST_ROUTER_OFFSET=45
readonly REGION_LIMIT=16

slot_prefixes() {
    local network part
    for network in 203.0.113 198.51.100 192.0.2; do
        for part in 0 64 128 192; do printf '%s.%s\n' "$network" "$part"; done
    done
    for network in {0..15}; do
        for part in 0 64 128 192; do printf '198.18.%s.%s\n' "$network" "$part"; done
    done
}

# Addresses that this machine needs while a lab is up: name servers and package sources. Documentation networks
# belong to nobody, so that some machines reach a mirror through one.
needed_addresses() {
    local name
    sed -n 's/^nameserver *//p' /etc/resolv.conf
    for name in api.nuget.org $(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | sed -nE '/^ *#/d; s|.*https?://([^/ :]+).*|\1|p' | sort -u); do
        timeout 3 getent ahostsv4 "$name" | awk '{ print $1 }' || true
    done | sort -u
}

# A network that this machine itself is in, or needs something of, is not ours to take.
prefix_is_foreign() {
    local address
    for address in $NEEDED; do
        [[ ${address%.*} == "${1%.*}" ]] && ((${address##*.} / 64 * 64 == ${1##*.})) && return
    done
    { ip -4 -o route show match "$1/26"; ip -4 -o route show root "$1/26"; } | grep -v '^default' | grep -q .
}

# Takes the first free slot; sets SLOT and PREFIX (its first address without the last number) and FIRST.
take_slot() {
    local lock prefix number=0 taken='' NEEDED
    NEEDED=$(needed_addresses)
    exec {lock}>"$RUN_ROOT/.slots/.lock"
    flock "$lock"
    raise_limits
    note_netns_mount
    load_modules
    while read -r prefix; do
        if [[ ! -e $RUN_ROOT/.slots/$number ]] && ! prefix_is_foreign "$prefix"; then
            echo "$LAB" >"$RUN_ROOT/.slots/$number"
            taken=$prefix
            break
        fi
        number=$((number + 1))
    done < <(slot_prefixes)
    exec {lock}>&-
    [[ -n $taken ]] || die 'every address range is in use (lab list shows the labs)'
    SLOT=$number PREFIX=${taken%.*} FIRST=${taken##*.}
}

free_slots() {
    local lock file
    exec {lock}>"$RUN_ROOT/.slots/.lock"
    flock "$lock"
    for file in "$RUN_ROOT"/.slots/*; do
        if [[ -e $file && $(<"$file") == "$LAB" ]]; then
            ip link del "swl$(basename "$file")" 2>/dev/null || true
            open_private_networks "$(basename "$file")"
            rm -f "$file"
        fi
    done
    compgen -G "$RUN_ROOT/.slots/*" >/dev/null || { restore_limits; drop_netns_mount; }
    exec {lock}>&-
}

slot_address() { printf '%s.%s' "$PREFIX" "$((FIRST + $1))"; }
wan_address() { slot_address 61; }
admin_address() { slot_address 62; }
router_address() { slot_address $((FIRST_ROUTER_OFFSET + $1)); }

# The private network of the region with this number, without its last number: no two alike, none in another.
region_network() {
    case $1 in
        0) printf 172.31.0 ;;
        1) printf 10.128.32 ;;
        2) printf 10.77.144 ;;
        3) printf 172.30.80 ;;
        *) printf '10.%s.%s' $((130 + $1 * 7)) $(($1 * 5 % 16 * 16)) ;;
    esac
}

# Chooses free addresses for host number $1 of region network $2 (a /20); sets HOST_PUBLIC and HOST_PRIVATE.
# A UDP checksum that was computed over one address and is verified over the other may only match if the
# pairs differ alike on both sides: here no two hosts of a lab have the same difference.
choose_addresses() {
    local number=$1 network=$2 third fourth attempt difference
    take_public_address "$number"
    for ((attempt = 0; attempt < 200; attempt++)); do
        third=$(((number * 7 + attempt * 3 + 5) % 16))
        fourth=$((11 + (number * 53 + attempt * 29 + 66) % 230))
        HOST_PRIVATE=${network%.*}.$((${network##*.} + third)).$fourth
        difference=$(address_difference "$HOST_PUBLIC" "$HOST_PRIVATE")
        grep -qxF "$difference" < <(known_differences) || return 0
    done
    die 'no suitable private address is free'
}

# Takes a public address for host number $1; sets HOST_PUBLIC.
take_public_address() {
    local number=$1 offset attempt
    install -d "$DISK/addresses"
    for ((attempt = 0; attempt < HOST_OFFSETS; attempt++)); do
        offset=$((1 + ((number + attempt) * 17 + 15) % HOST_OFFSETS))
        HOST_PUBLIC=$(slot_address "$offset")
        # Who makes the folder has the address; the EC2 endpoint takes its own the same way.
        ! mkdir "$DISK/addresses/$HOST_PUBLIC" 2>/dev/null || return 0
    done
    die "no public address is free: a lab can have $HOST_OFFSETS hosts"
}

# Takes another public address for a host that exists; sets HOST_PUBLIC.
take_other_address() {
    local refused=() difference found=no attempt
    for ((attempt = 0; attempt < HOST_OFFSETS; attempt++)); do
        take_public_address "$HOST_NUMBER"
        difference=$(address_difference "$HOST_PUBLIC" "$HOST_PRIVATE")
        grep -qxF "$difference" < <(known_differences) || { found=yes; break; }
        refused+=("$DISK/addresses/$HOST_PUBLIC")
    done
    [[ ${#refused[@]} -eq 0 ]] || rmdir "${refused[@]}"
    [[ $found == yes ]] || die 'no suitable public address is free'
}

# The one's complement difference of two addresses, as the Internet checksum sees it (RFC 1071).
address_difference() {
    local a b c d e f g h
    IFS=. read -r a b c d <<<"$1"
    IFS=. read -r e f g h <<<"$2"
    printf '%s' $(((a * 256 + b + c * 256 + d - (e * 256 + f + g * 256 + h) + 4 * 65535) % 65535))
}

known_differences() {
    local host
    for host in $(hosts_of_lab); do
        (load_host "$host" && [[ -z $HOST_PUBLIC ]] || printf '%s\n' "$(address_difference "$HOST_PUBLIC" "$HOST_PRIVATE")")
    done
}
