# shellcheck shell=bash
# Faults: what the network does to a host or a region. They stand in $DISK/faults, one a line as typed, and the
# routers' rules are written from that list as a whole.

fault_list() { [[ ! -e $DISK/faults ]] || cat "$DISK/faults"; }

apply_faults() {
    local region
    for region in $(regions_of_lab); do
        {
            echo 'flush chain ip fault forward'
            fault_list | while read -r kind subject detail; do fault_rules "$region" "$kind" "$subject" "$detail"; done
        } | in_namespace "$(router_namespace "$region")" nft -f -
    done
}

# Prints the rules of one fault for the router of one region.
fault_rules() {
    local region=$1 kind=$2 subject=$3 detail=$4 match port except_source='' except_target=''
    case $kind in
        drop-esp) match='ip protocol esp' ;;
        drop) match="${detail#*/} dport ${detail%/*}" ;;
        cut)
            [[ $subject == "$region" ]] || return 0
            if [[ $detail == --keep-admin ]]; then
                except_source="ip saddr != $(admin_address)" except_target="ip daddr != $(admin_address)"
            fi
            printf 'add rule ip fault forward iifname != "h*" %s drop\n' "$except_source"
            printf 'add rule ip fault forward oifname != "h*" %s drop\n' "$except_target"
            return 0
            ;;
        *) return 0 ;;
    esac
    for port in $(fault_ports "$region" "$subject"); do
        printf 'add rule ip fault forward iifname "%s" %s drop\n' "$port" "$match"
        printf 'add rule ip fault forward oifname "%s" %s drop\n' "$port" "$match"
    done
}

# The links of one region's router that a subject (host or region) means.
fault_ports() {
    local region=$1 subject=$2
    if [[ -e $DISK/hosts/$subject/host.conf ]]; then
        (load_host "$subject" && [[ $HOST_REGION == "$region" ]] && echo "h$HOST_NUMBER") || true
    elif [[ $subject == "$region" ]]; then
        echo 'h*'
    fi
}

add_fault() {
    fault_list | grep -qxF -- "$1" || echo "$1" >>"$DISK/faults"
    apply_faults
}

forget_faults_of() {
    [[ -e $DISK/faults ]] || return 0
    awk -v host="$1" '$2 != host' "$DISK/faults" >"$DISK/faults.new"
    mv "$DISK/faults.new" "$DISK/faults"
    apply_faults
}

require_subject() {
    [[ -n $1 && ( -e $DISK/hosts/$1/host.conf || -e $DISK/regions/$1 ) ]] ||
        die "'$1' is neither a host nor a region of lab '$LAB'"
}

slow_pair() {
    [[ $1 =~ ^([a-z0-9-]+):([a-z0-9-]+)=([0-9]+(\.[0-9]+)?)$ ]] || usage_error "fault slow: invalid value '$1': use A:B=MS"
    local a=${BASH_REMATCH[1]} b=${BASH_REMATCH[2]} ms=${BASH_REMATCH[3]} before
    load_region "$a"
    load_region "$b"
    [[ $a != "$b" ]] || usage_error 'fault slow: two different regions are required'
    before=$(pair_delay "$a" "$b")
    # A second 'slow' of a pair must not take the first one's figure for the healthy one.
    if grep -q "^slow $a:$b=\|^slow $b:$a=" < <(fault_list); then
        before=$(fault_list | awk -v one="slow $a:$b=" -v two="slow $b:$a=" 'index($0, one) == 1 || index($0, two) == 1 { print $3 }')
        sed -i "/^slow \($a:$b\|$b:$a\)=/d" "$DISK/faults"
    fi
    delay_pair "$a" "$b" "$ms"
    add_fault "slow $a:$b=$ms $before"
}

pair_delay() {
    local file
    for file in "$DISK/delays/$1:$2" "$DISK/delays/$2:$1"; do
        if [[ -e $file ]]; then cat "$file"; return; fi
    done
    echo 0
}

# Takes back every fault whose line begins with the words given; with none, all.
heal() {
    local line kind subject detail kept=()
    while read -r line; do
        if [[ -n $* && $line != "$*" && $line != "$* "* && $line != "$*="* ]]; then
            kept+=("$line")
            continue
        fi
        read -r kind subject detail <<<"$line"
        [[ $kind != slow ]] || delay_pair "${subject%%:*}" "$(printf %s "${subject#*:}" | cut -d= -f1)" "$detail"
    done < <(fault_list)
    : >"$DISK/faults"
    [[ ${#kept[@]} -eq 0 ]] || printf '%s\n' "${kept[@]}" >"$DISK/faults"
    apply_faults
}

fault_command() {
    local kind=${1:-}
    [[ $# -ge 1 ]] || usage_error 'fault: use drop-esp, drop, cut, slow, heal or list'
    shift
    require_lab
    lock_lab
    case $kind in
        drop-esp)
            require_subject "${1:-}"
            add_fault "drop-esp $1"
            ;;
        drop)
            require_subject "${1:-}"
            [[ ${2:-} =~ ^[0-9]{1,5}/(tcp|udp)$ && $((10#${2%/*})) -ge 1 && $((10#${2%/*})) -le 65535 ]] ||
                usage_error "fault drop: invalid port '${2:-}': use PORT/tcp or PORT/udp"
            add_fault "drop $1 $2"
            ;;
        cut)
            load_region "${1:-}"
            [[ -z ${2:-} || $2 == --keep-admin ]] || usage_error "fault cut: unknown option '$2'"
            add_fault "cut $1${2:+ $2}"
            ;;
        slow) slow_pair "${1:-}" ;;
        heal) heal "$@" ;;
        list) fault_list ;;
        *) usage_error "fault: unknown fault '$kind'" ;;
    esac
}
