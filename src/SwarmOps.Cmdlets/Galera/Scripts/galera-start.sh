#!/bin/bash
# Starts one node of a Galera cluster. SwarmOps stores this script as a config of the swarm.
# It bootstraps a cluster only with the marker that SwarmOps writes into its data directory. Without it, it joins a running cluster or waits. It never deletes a database.
set -euo pipefail
# Process 1 of a container ignores signals without a handler: without this a waiting node would exit only when killed.
trap 'exit 143' TERM INT

readonly data=/var/lib/mysql
readonly marker=$data/.swarmops-bootstrap state=$data/.swarmops-state
# The state UUID of the cluster that the data last belonged to; an unfinished first start; an unfinished first state transfer.
readonly member=$data/.swarmops-member founding=$data/.swarmops-founding joining=$data/.swarmops-joining
readonly cluster=${WSREP_CLUSTER_NAME:?} peers_name=${WSREP_CLUSTER_DNSNAME:?}
readonly provider=${WSREP_PROVIDER:-/usr/lib/galera/libgalera_smm.so}
readonly port=4567 port_in_hex=11D7
# On this port a node reports its position to its peers, which need no password for it.
readonly history_port=4569 history=/run/galera/history

say() { printf '%s [Note] [SwarmOps]: %s\n' "$(date -u '+%Y-%m-%d %H:%M:%S')" "$1" >&2; }

# phase NAME: for the health check, the report and SwarmOps on the host. The position is valid for this start, and only until a server runs.
phase() {
    [[ -z $recover_only ]] || return 0
    printf '%s\n' "$position" >/run/galera/position
    printf '%s\n' "$reason" >/run/galera/reason
    printf '%s\n' "$1" >/run/galera/phase
    printf 'phase=%s\nposition=%s\naddress=%s\nreason=%s\n' "$1" "$position" "$own" "$reason" >"$state.new"
    mv "$state.new" "$state"
}

field() { sed -n "s/^$1: *//p" "$data/grastate.dat" 2>/dev/null || true; }

local_addresses() { awk '/32 host LOCAL/ { print last } { last = $2 }' /proc/net/fib_trie | sort -u; }

# If no record exists, the query goes to the host's resolver, which may hang.
resolved() { timeout 3 getent ahostsv4 "$peers_name" | awk '{ print $1 }' | sort -u; }

# The address on the overlay network, not on the bridge, where it is the same on every node.
own_address() { comm -12 <(local_addresses) <(resolved || true); }
peers() { comm -13 <(local_addresses) <(resolved || true); }

answers() { timeout 2 bash -c "exec 3<>/dev/tcp/$1/$port" 2>/dev/null; }
any_peer_answers() {
    local peer
    for peer in $(peers); do
        ! answers "$peer" || return 0
    done
    return 1
}

# The server's options go into a file: from the command line MariaDB's state transfer passes innodb-buffer-pool-size to mariadb-backup, which does not know it and exits.
write_options() {
    local directory=/etc/mysql/mariadb.conf.d option value
    [[ -d $directory ]] || directory=/etc/mysql/conf.d
    {
        echo '[mariadbd]'
        for option in "$@"; do
            option=${option#--}
            if [[ $option == *=* ]]; then
                value=${option#*=}
                value=${value//\\/\\\\}
                value=${value//$'\n'/\\n}
                option="${option%%=*}=\"${value//\"/\\\"}\""
            fi
            printf '%s\n' "$option"
        done
    } >"$directory/zz-swarmops.cnf"
}

is_position() { [[ $1 != 00000000-* && $1 =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]+$ ]]; }

# Whether the position of this node's data is known.
has_position() { is_position "$position"; }

# Whether there are any files that are not from SwarmOps.
has_data() {
    local found
    # Unreadable does not mean empty.
    found=$(find "$data" -mindepth 1 -path "$data/.swarmops-*" -prune -o -type f -print -quit) || return 0
    [[ -n $found ]]
}

# Whether a state transfer would overwrite more than the rest of an earlier one. Galera's own mark counts, since $joining may be left beside a restored database.
holds_data() { has_data && { has_position || [[ ! -e $joining ]] || ! is_unsafe; }; }

# Data that a repair marked must not join the kept component: the same seqnos may be different writes here.
is_diverged() {
    [[ -e $data/.swarmops-diverged ]] || return 1
    reason='a repair marked its data to be moved aside (.swarmops-diverged) and was interrupted; run Repair-GaleraCluster again'
}

# Data whose move was interrupted is incomplete: it is no database, and its position is unknown.
is_moving() {
    [[ -e $data/.swarmops-moving ]] || return 1
    position='' recovered=''
    reason='its data was being moved aside (.swarmops-moving) when a repair was interrupted; run Repair-GaleraCluster again'
}

wait_while_moving() {
    ! is_moving || say "Waiting: $reason"
    while is_moving; do
        phase waiting
        sleep 2
    done
    reason=''
}

# Without a UUID in grastate.dat a state transfer was interrupted or the data was found inconsistent, and InnoDB's position is worthless.
is_unsafe() { [[ $(field uuid) == 00000000-* || -e $data/sst_in_progress ]]; }

# uuid:seqno of the data on disk. After a crash grastate.dat contains -1 or nothing; a node that started from that would lose its position.
find_position() {
    local saved
    saved=$(field uuid):$(field seqno)
    if is_position "$saved"; then
        position=$saved
    elif [[ -e $data/ibdata1 ]] && ! is_unsafe; then
        recover_position
    fi
}

recover_position() {
    local log server
    log=$(mktemp)
    chown mysql "$log"
    install -d -o mysql /run/mysqld
    phase recovering
    # The server needs all Galera options even for this; if one is missing, it exits without reporting the position.
    gosu mysql mariadbd --wsrep-on=ON --wsrep-provider="$provider" --wsrep-cluster-address=gcomm:// --binlog-format=ROW --innodb-autoinc-lock-mode=2 \
        --wsrep-recover --log-error="$log" --skip-networking >/dev/null 2>&1 &
    server=$!
    # A large redo log takes long: the container must still stop when told to.
    trap 'kill "$server" 2>/dev/null; exit 143' TERM INT
    wait "$server" || say "Recovery of the position failed: $(grep -F '[ERROR]' "$log" | head -n 1)"
    trap 'exit 143' TERM INT
    recovered=$(sed -n 's/.*WSREP: Recovered position: *\([0-9a-f-]*:-\{0,1\}[0-9]*\).*/\1/p' "$log" | tail -n 1)
    rm -f "$log"
    is_position "$recovered" || recovered=
    position=$recovered
    say "Recovered position: ${position:-unknown}"
}

# Number of members of the last view, if this node was killed in it: together they can form it again.
last_view_size() { grep -c '^member:' "$data/gvwstate.dat" 2>/dev/null || true; }

# Whether all members of the last view are present with this state UUID: a node that was left behind may remember members that have another one since.
# A node without a position must not count: they would agree on an empty history and lose their own.
view_is_complete() {
    local size peer said alike=0
    has_position || return 1
    size=$(last_view_size)
    [[ ${size:-0} -gt 1 ]] || return 1
    for peer in $(peers); do
        said=$(history_of "$peer") || continue
        # An arbitrator is a member of every view and has no position.
        [[ $said != arbitrator && ${said%:*} != "${position%:*}" ]] || alike=$((alike + 1))
    done
    [[ $alike -ge $((size - 1)) ]]
}

history_of() { timeout 3 bash -c "exec 3<>/dev/tcp/$1/$history_port; head -n 1 <&3" 2>/dev/null; }

wait_for_address() {
    own=$(own_address | head -n 1)
    [[ -n $own ]] || say "Waiting until $peers_name resolves to this node"
    while [[ -z $own ]]; do
        phase waiting
        sleep 1
        own=$(own_address | head -n 1)
    done
}

# uuid:seqno of every peer that can be joined: from its history port, or by SQL if an earlier version of this script started it.
peer_positions() {
    local peer said
    for peer in $(peers); do
        answers "$peer" || continue
        said=$(history_of "$peer") || said=
        is_position "$said" || said=$(position_by_sql "$peer") || said=
        ! is_position "$said" || printf '%s\n' "$said"
    done
}

position_by_sql() {
    # Any host that answers would get the password; with TLS, which excludes other hosts, this is not needed.
    [[ -n ${MARIADB_ROOT_PASSWORD_FILE:-} && -z ${GALERA_TLS_FILE:-} ]] || return 1
    MYSQL_PWD=$(<"$MARIADB_ROOT_PASSWORD_FILE") timeout 5 mariadb -h "$1" -uroot --connect-timeout=3 -NB \
        -e "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_cluster_status', 'wsrep_cluster_state_uuid', 'wsrep_last_committed')" 2>/dev/null |
        awk '{ value[$1] = $2 } END { if (value["wsrep_cluster_status"] == "Primary") print value["wsrep_cluster_state_uuid"] ":" value["wsrep_last_committed"] }'
}

# Whether this node may join: it has no data, or the running cluster has the same state UUID and is not behind. A state transfer would overwrite anything else.
may_join() {
    local said line
    ! is_diverged && ! is_moving || return 1
    if ! any_peer_answers; then
        reason=$stale
        view_is_complete
        return
    fi
    group=''
    holds_data || return 0
    said=$(peer_positions)
    for line in $said; do
        group=${line%:*}
        if has_position && [[ $group != "${position%:*}" ]]; then
            reason="it has data at ${position}, but the running cluster has the state UUID $group: its data would be overwritten; Repair-GaleraCluster moves it aside"
            return 1
        elif ! has_position && [[ $group != "$(cat "$member" 2>/dev/null)" ]]; then
            reason="it has data with an unknown state UUID, but the running cluster has the state UUID $group: its data would be overwritten; Repair-GaleraCluster moves it aside"
            return 1
        fi
    done
    # All members of the last view come back together, each from its own position.
    ! view_is_complete || return 0
    if [[ -z $said ]]; then
        reason='a node answers on port 4567, but none has reported its state UUID yet'
        return 1
    fi
    for line in $said; do
        ! has_position || [[ ${position#*:} -le ${line#*:} ]] || continue
        return 0
    done
    reason="it has data at ${position}, ahead of the running cluster (${line}): its data would be overwritten; Repair-GaleraCluster moves it aside"
    return 1
}

# Whether this node has a valid bootstrap marker. SwarmOps' marker is valid until the host boots again, since others may have bootstrapped meanwhile; one created by hand until it is removed.
is_marked() {
    local boot
    stale=''
    [[ -e $marker ]] || return 1
    boot=$(sed -n 's/^boot_id=//p' "$marker")
    if [[ -n $boot ]]; then
        [[ $boot != "$(</proc/sys/kernel/random/boot_id)" ]] || return 0
    elif [[ ! -s $marker ]] || ! is_older_than_boot "$marker"; then
        return 0
    fi
    stale='its bootstrap marker is from before the last boot of its host and is ignored; run New-GaleraService or Repair-GaleraCluster again'
    return 1
}

is_older_than_boot() { [[ $(stat -c %Y "$1") -lt $(awk '/^btime/ { print $2 }' /proc/stat) ]]; }

# The boot id as seen in the container, which may differ from the host's; an empty marker was created by hand.
note_boot() {
    [[ -s $marker ]] || return 0
    { grep -v '^boot_id=' "$marker" || true; printf 'boot_id=%s\n' "$(</proc/sys/kernel/random/boot_id)"; } >"$marker.new"
    sync "$marker.new" 2>/dev/null || sync
    mv "$marker.new" "$marker"
}

# A repair that continued without a node requests a new state UUID: that node must not join later as if it had only stopped earlier.
wants_new_history() { grep -qx 'history=new' "$marker" 2>/dev/null; }

is_whole() { [[ -e $data/ibdata1 && -d $data/mysql ]] && ! is_unsafe; }

write_grastate() {
    printf '# GALERA saved state\nversion: 2.1\nuuid:    %s\nseqno:   %s\nsafe_to_bootstrap: 1\n' "$1" "$2" >"$data/grastate.dat.new"
    chown mysql: "$data/grastate.dat.new"
    mv "$data/grastate.dat.new" "$data/grastate.dat"
}

# begin_history WHY: gives the data a new state UUID, so that no other copy of it can join as a part of it.
begin_history() {
    recovered=$(</proc/sys/kernel/random/uuid):0
    position=$recovered
    write_grastate "${position%:*}" 0
    printf '%s\n' "${position%:*}" >"$member"
    say_history
    say "Bootstrapping from the existing database with the new state UUID ${position%:*}: $1"
}

# Whether a cluster can be bootstrapped from this data directory. Files that do not belong to it are never deleted.
may_found() {
    local aside
    ! is_diverged && ! is_moving || return 1
    if wants_new_history; then
        if ! is_whole; then
            reason='its bootstrap marker requests a new state UUID, but its data is not a complete database, so it does not bootstrap'
            return 1
        fi
        begin_history 'the repair continued without some of the data'
    elif has_position && [[ $(field uuid) == "${position%:*}" ]]; then
        sed -i 's/^safe_to_bootstrap:.*/safe_to_bootstrap: 1/' "$data/grastate.dat"
    elif ! has_data; then
        : >"$founding"
    elif [[ -e $founding ]]; then
        aside=$data/.swarmops-aside-$(date -u +%Y%m%dT%H%M%SZ)
        mkdir "$aside"
        find "$data" -mindepth 1 -maxdepth 1 ! -name '.swarmops-*' -exec mv -t "$aside" {} +
        say "The first start was interrupted; its files were moved to $aside"
        position='' recovered=''
        rm -f "$history" "$member"
    elif ! is_whole; then
        reason='it has a bootstrap marker, but its data is not a complete database (interrupted state transfer), so it does not bootstrap'
        return 1
    elif has_position && [[ -e $data/galera.cache && ${position%:*} == "$(cat "$member" 2>/dev/null)" ]]; then
        # grastate.dat was lost in a power failure; InnoDB has the position. A backup that was restored beside our files has no write-set cache.
        write_grastate "${position%:*}" -1
    else
        begin_history 'it is a restored backup without the transactions committed after it'
    fi
}

found_cluster() {
    note_boot
    rm -f "$data/gvwstate.dat"
    address=gcomm://
    arguments+=(--wsrep-new-cluster)
    say 'Bootstrapping the cluster'
    drop_marker &
}

# The marker is removed when other nodes can join: until then a restart must bootstrap again.
drop_marker() {
    local _
    for _ in {1..7200}; do
        if grep -qE "^ *[0-9]+: [0-9A-F]+:$port_in_hex 0+:0000 0A" /proc/net/tcp /proc/net/tcp6; then
            rm -f "$marker" "$founding"
            return
        fi
        sleep 0.5
    done
}

join_cluster() {
    rm -f "$marker" "$founding"
    # If the state transfer is interrupted, this tells which cluster its rest belongs to.
    [[ -z $group ]] || printf '%s\n' "$group" >"$member"
    has_data || : >"$joining"
    address=gcomm://$(peers | paste -sd,)
    # Initializing a database is pointless, since the state transfer replaces it.
    [[ -e $data/mysql ]] || install -d -o mysql -g mysql "$data/mysql"
    say "Joining $address"
}

# Makes the server and its state transfer ignore SwarmOps' files in the data directory.
keep_own_files() {
    local directory=/etc/mysql/conf.d
    [[ -d $directory ]] || directory=/etc/mysql/mariadb.conf.d
    printf '[mariadbd]\nignore-db-dirs=.swarmops-aside\nignore-db-dirs=lost+found\n[sst]\ncpat=%s\n' '.*\.pem$\|.*galera\.cache$\|.*sst_in_progress$\|.*\.sst$\|.*gvwstate\.dat$\|.*grastate\.dat$\|.*\.err$\|.*\.log$\|.*RPM_UPGRADE_MARKER$\|.*RPM_UPGRADE_HISTORY$\|.*/\.swarmops-[^/]*$' >"$directory/swarmops-sst.cnf"
}

# Data that must be moved aside is not reported. A node without a position (interrupted state transfer) reports only the state UUID.
say_history() {
    if [[ -e $data/.swarmops-diverged || -e $data/.swarmops-moving ]]; then
        rm -f "$history"
    elif [[ -n $position ]]; then
        printf '%s\n' "$position" >"$history"
    elif [[ -s $member ]]; then
        printf '%s:\n' "$(<"$member")" >"$history"
    fi
}

# Started before the peers are queried: nodes that come back together query each other.
serve_history() {
    socat -U "TCP4-LISTEN:$history_port,bind=$own,reuseaddr,fork,max-children=16" "OPEN:$history,rdonly" 2>/dev/null &
}

# Key and certificates come as one secret; the database's user cannot read it.
prepare_tls() {
    local directory=/run/galera/tls
    [[ -n ${GALERA_TLS_FILE:-} ]] || return 0
    install -d -m 0500 -o mysql "$directory"
    (umask 077 && awk -v directory="$directory" '/^-----BEGIN/ { file = /KEY/ ? "key" : certificates++ ? "ca" : "cert" } file { print > (directory "/" file ".pem") }' "$GALERA_TLS_FILE")
    chown mysql "$directory"/*.pem
    options+=";socket.ssl=yes;socket.ssl_key=$directory/key.pem;socket.ssl_cert=$directory/cert.pem;socket.ssl_ca=$directory/ca.pem"
    printf '[sst]\nencrypt=4\ntkey=%s\ntcert=%s\ntca=%s\nssl-mode=VERIFY_CA\n' "$directory"/{key,cert,ca}.pem >/etc/mysql/conf.d/swarmops-tls.cnf
}

# The arbitrator votes and holds no data; it never bootstraps.
arbitrate() {
    local peer_list
    wait_for_address
    echo arbitrator >"$history"
    ! command -v socat >/dev/null || serve_history
    while ! any_peer_answers; do
        phase waiting
        sleep 2
    done
    peer_list=$(peers | paste -sd,)
    phase arbitrating
    say "Arbitrating between $peer_list"
    chown mysql "$data"
    cd "$data"
    exec gosu mysql garbd --name="${WSREP_NODE_NAME:-$HOSTNAME}" --group="$cluster" --address="gcomm://$peer_list" --options="${options#;}"
}

readonly role=${GALERA_ROLE:-data}
programs=(awk getent gosu)
if [[ $role == arbitrator ]]; then programs+=(garbd); else programs+=(mariadbd mariadb mariadb-backup socat docker-entrypoint.sh); fi
# The state transfer's script reads the peer's name from the certificate with openssl.
[[ -z ${GALERA_TLS_FILE:-} || $role == arbitrator ]] || programs+=(openssl)
for program in "${programs[@]}"; do
    command -v "$program" >/dev/null || { say "the image lacks $program"; exit 64; }
done
[[ -e $provider ]] || { say "the image lacks $provider"; exit 64; }
# Images are checked for these programs before anything is changed.
[[ -z ${GALERA_CHECK_ONLY:-} ]] || exit 0

readonly recover_only=${GALERA_RECOVER_ONLY:-}
own='' position='' recovered='' address='' reason='' stale='' group='' arguments=() options=${WSREP_PROVIDER_OPTIONS:-}
if [[ -n $recover_only ]]; then
    # SwarmOps recovers the position of a node that does not run.
    write_options "$@"
    is_moving || find_position
    printf 'position=%s\n' "$position"
    exit 0
fi

mkdir -p /run/galera
# The files of an earlier start are outdated.
rm -f "$state" /run/galera/{phase,position,reason,history}
prepare_tls
[[ $role != arbitrator ]] || arbitrate
write_options "$@"
keep_own_files
wait_while_moving
find_position
wait_for_address
say_history
serve_history
said=''
while :; do
    if is_marked && ! any_peer_answers; then
        if may_found; then
            found_cluster
            break
        fi
    elif may_join; then
        join_cluster
        break
    fi
    # A bootstrap marker may be written while this node waits.
    [[ $said == "waiting$reason" ]] || say "Waiting for a node of the cluster to answer${reason:+: $reason}; after a full outage, run Repair-GaleraCluster"
    said=waiting$reason
    phase waiting
    sleep 2
done
reason=''

[[ -z $recovered ]] || arguments+=("--wsrep-start-position=$recovered")
phase starting
# State transfers use this local account, which needs no password.
export MARIADB_MYSQL_LOCALHOST_USER=1 MARIADB_MYSQL_LOCALHOST_GRANTS='RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR'
exec docker-entrypoint.sh mariadbd \
    --wsrep-on=ON --wsrep-provider="$provider" --wsrep-cluster-name="$cluster" --wsrep-cluster-address="$address" \
    --wsrep-node-address="$own" --wsrep-node-name="${WSREP_NODE_NAME:-$HOSTNAME}" --wsrep-provider-options="${options#;}" \
    --wsrep-sst-method=mariabackup --wsrep-sst-auth=mysql: \
    --binlog-format=ROW --default-storage-engine=InnoDB --innodb-autoinc-lock-mode=2 --bind-address=0.0.0.0 \
    "${arguments[@]}"
