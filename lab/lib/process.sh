# shellcheck shell=bash
# Which processes are the lab's own: those in its control groups. A group outlives a kill -9 of the
# command that made it and can't be confused by a recycled pid, so 'down' needs no other list.

readonly CGROUP_ROOT=/sys/fs/cgroup

# Finds the mounted hierarchies: one for cgroup v2; or one per controller for v1, and beside them one for v2 (hybrid), in
# which systemd keeps its units: hosts that shared it would remove each other's groups.
find_hierarchies() {
    local point type
    [[ -z ${HIERARCHIES:-} ]] || return 0
    HIERARCHIES=()
    while read -r _ point type _; do
        [[ $type != cgroup && $type != cgroup2 || $point/ != "$CGROUP_ROOT"/* ]] || HIERARCHIES+=("$point")
    done </proc/self/mounts
}

# Makes the group NAME of this lab in every hierarchy.
make_cgroup() {
    local hierarchy part path
    find_hierarchies
    mkdir -p "${HIERARCHIES[@]/%//swarmops-lab/$LAB/$1}"
    for hierarchy in "${HIERARCHIES[@]}"; do
        path=$hierarchy
        for part in swarmops-lab "$LAB" "$1"; do
            if [[ -e $path/cgroup.subtree_control ]]; then
                enable_controllers "$path"
            fi
            path=$path/$part
            # A new cpuset group is empty, and an empty one takes no process.
            if [[ -e $path/cpuset.cpus && ! -e $path/cgroup.subtree_control && -z $(<"$path/cpuset.cpus") ]]; then
                echo "$(<"${path%/*}/cpuset.cpus")" >"$path/cpuset.cpus"
                echo "$(<"${path%/*}/cpuset.mems")" >"$path/cpuset.mems"
            fi
        done
    done
}

enable_controllers() {
    local controller
    for controller in $(<"$1/cgroup.controllers"); do
        echo "+$controller" >"$1/cgroup.subtree_control" 2>/dev/null || true
    done
}

# Moves the calling (sub)shell into the group NAME; what it starts is born there.
enter_cgroup() { move_to_cgroup "$1" "$BASHPID"; }

move_to_cgroup() {
    local hierarchy
    find_hierarchies
    for hierarchy in "${HIERARCHIES[@]}"; do
        echo "$2" >"$hierarchy/swarmops-lab/$LAB/$1/cgroup.procs"
    done
}

# Prints the pids in a group and all groups below it, in any hierarchy; with no name, all of the lab's.
cgroup_pids() {
    local hierarchy directory
    find_hierarchies
    for hierarchy in "${HIERARCHIES[@]}"; do
        directory=$hierarchy/swarmops-lab/$LAB${1:+/$1}
        [[ -d $directory ]] || continue
        find "$directory" -name cgroup.procs -exec cat {} + 2>/dev/null || true
    done | sort -un
}

# Ends every process of a group, and waits until none is left.
kill_cgroup() {
    local pids attempt
    for attempt in {1..100}; do
        pids=$(cgroup_pids "${1:-}" | grep -vx -e 0 -e "$$" -e "$BASHPID" || true)
        [[ -n $pids ]] || return 0
        # shellcheck disable=SC2086
        kill -KILL $pids 2>/dev/null || true
        sleep 0.05
    done
    note "lab: processes do not exit ($attempt tries): ${pids//$'\n'/ }"
    return 1
}

remove_cgroup() {
    local hierarchy directory attempt
    find_hierarchies
    for hierarchy in "${HIERARCHIES[@]}"; do
        directory=$hierarchy/swarmops-lab/$LAB${1:+/$1}
        for attempt in {1..40}; do
            [[ -d $directory ]] || break
            find "$directory" -depth -type d -exec rmdir {} + 2>/dev/null && break
            sleep 0.05
        done
        [[ ! -d $directory ]] || note "lab: cannot remove control group $directory ($attempt tries)"
        [[ -n ${1:-} ]] || rmdir "$hierarchy/swarmops-lab" 2>/dev/null || true
    done
}

# The kernel's start time of a process, in START_TIME: with the pid it names one process for good.
start_time() {
    local stat=''
    START_TIME=''
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    stat=${stat##*) }
    # shellcheck disable=SC2086
    set -- $stat
    START_TIME=${20}
}

record_pid() { start_time "$2" && printf '%s %s\n' "$2" "$START_TIME" >"$RUN/$1.pid"; }

# Prints the recorded pid if it is still the same process.
recorded_pid() {
    local pid='' started=''
    [[ -e $RUN/$1.pid ]] && read -r pid started <"$RUN/$1.pid" || return 1
    [[ -n $pid && -n $started ]] && start_time "$pid" && [[ $START_TIME == "$started" ]] || return 1
    printf '%s' "$pid"
}

end_recorded() {
    local pid
    pid=$(recorded_pid "$1") && kill -"${2:-TERM}" "$pid" 2>/dev/null
    rm -f "$RUN/$1.pid"
}

# Starts a daemon of the lab in a namespace, detached, its output in a log, its pid recorded.
start_daemon() {
    local record=$1 namespace=$2
    shift 2
    (
        close_inherited
        exec </dev/null >>"$RUN/$record.log" 2>&1
        enter_cgroup _lab
        # A resolver that is told of new names before it has begun to listen for the signal would end by it; it reads them as it starts.
        trap '' HUP
        record_pid "$record" "$BASHPID"
        exec setsid nsenter --net="/run/netns/$namespace" -- "$@"
    ) &
}
