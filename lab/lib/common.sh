# shellcheck shell=bash
# Names, paths, messages and locks that every command shares.

readonly DISK_ROOT=/var/lib/swarmops-lab
readonly RUN_ROOT=/run/swarmops-lab
readonly BASE_ROOT=$DISK_ROOT/.base
readonly DOMAIN=lab
readonly REGISTRY_PORT=5000 PRIVATE_REGISTRY_PORT=5001 PRIVATE_REGISTRY_USER=lab

# The lab a command works on; select_lab sets these.
LAB='' DISK='' RUN=''

die() { printf 'lab: %s\n' "$1" >&2; exit "${2:-1}"; }
note() { [[ -n ${LAB_QUIET:-} ]] || printf '%s\n' "$*" >&2; }
usage_error() { die "$1 (see: lab --help)" 2; }

require_machine() {
    local id='' version='' name value
    if [[ -r /etc/os-release ]]; then
        while IFS='=' read -r name value; do
            value=${value//\"/}
            case $name in
                ID) id=$value ;;
                VERSION_ID) version=$value ;;
            esac
        done </etc/os-release
    fi
    [[ $OSTYPE == linux* && $id == debian && $version == 12 ]] ||
        die "the lab runs on Debian 12 only; this is ${id:-$OSTYPE} ${version:-}" 2
    [[ $EUID -eq 0 ]] || die 'the lab needs root: it creates namespaces, links and mounts' 2
}

valid_name() { [[ $1 =~ ^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$ ]]; }

select_lab() {
    valid_name "$1" || usage_error "invalid lab name '$1': use lower-case letters, digits and hyphens, at most 32"
    LAB=$1 DISK=$DISK_ROOT/$1 RUN=$RUN_ROOT/$1
}

# A lab counts as up once 'up' has finished; until then only 'up' and 'down' touch it.
lab_is_up() { [[ -e $RUN/up ]]; }

require_lab() {
    lab_is_up || die "lab '$LAB' is not up: start it with lab up --name $LAB (lab list shows the labs that are up)"
    # shellcheck source=/dev/null
    . "$DISK/lab.conf"
}

make_roots() {
    install -d -m 0700 "$DISK_ROOT" "$RUN_ROOT" "$RUN_ROOT/.slots"
}

# One changing command at a time in one lab.
lock_lab() {
    exec {LAB_LOCK}>"$RUN_ROOT/.$LAB.lock"
    flock -w 120 "$LAB_LOCK" || die "another command has held the lock of lab '$LAB' for two minutes"
}

unlock_lab() { exec {LAB_LOCK}>&-; }

# What outlives the command must not hold its lock, nor a lock or pipe of whoever called it.
close_inherited() {
    local descriptor
    for descriptor in /proc/"$BASHPID"/fd/*; do
        descriptor=${descriptor##*/}
        # Bash reads its script from 255.
        ((descriptor < 3 || descriptor == 255)) || eval "exec $descriptor>&-"
    done
}

# await SECONDS WHAT COMMAND...: until the command succeeds. LAB_PATIENCE multiplies, for slow machines.
# It looks less and less often: what takes long must not be slowed down by looking.
await() {
    local seconds=$1 what=$2 deadline pause=50 nap
    shift 2
    seconds=$((seconds * ${LAB_PATIENCE:-1}))
    deadline=$((${EPOCHREALTIME/./} + seconds * 1000000))
    until "$@" >/dev/null 2>&1; do
        ((${EPOCHREALTIME/./} < deadline)) || die "$what: not ready within $seconds s"
        printf -v nap 0.%03d "$pause"
        sleep "$nap"
        pause=$((pause < 400 ? pause * 5 / 4 : pause))
    done
}

# Writes NAME=value lines that bash reads back; values of any characters.
write_conf() {
    local file=$1 name
    shift
    for name in "$@"; do printf '%s=%q\n' "$name" "${!name}"; done >"$file.new"
    mv "$file.new" "$file"
}

hosts_of_lab() {
    local directory
    for directory in "$DISK"/hosts/*/; do
        [[ -e ${directory}host.conf ]] || continue
        directory=${directory%/}
        printf '%s\n' "${directory##*/}"
    done
    return 0
}

regions_of_lab() {
    local file
    for file in "$DISK"/regions/*; do
        [[ -e $file ]] && printf '%s\n' "${file##*/}"
    done
    return 0
}

# Reads a host's settings into HOST_* variables.
load_host() {
    [[ -n $1 && $1 != */* && -e $DISK/hosts/$1/host.conf ]] ||
        die "lab '$LAB' has no host '$1'; its hosts: $(hosts_of_lab | tr '\n' ' ')"
    # shellcheck source=/dev/null
    . "$DISK/hosts/$1/host.conf"
}

# Reads a region's settings into REGION_* variables.
load_region() {
    [[ -n $1 && $1 != */* && -e $DISK/regions/$1 ]] ||
        die "lab '$LAB' has no region '$1'; its regions: $(regions_of_lab | tr '\n' ' ')"
    # shellcheck source=/dev/null
    . "$DISK/regions/$1"
}

wan_namespace() { printf 'swl-%s-wan' "$LAB"; }
router_namespace() { printf 'swl-%s-%s' "$LAB" "$1"; }
in_namespace() { local namespace=$1; shift; nsenter --net="/run/netns/$namespace" -- "$@"; }
