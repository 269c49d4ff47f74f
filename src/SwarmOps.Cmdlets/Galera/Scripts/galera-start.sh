#!/bin/bash
# Starts one node of a Galera cluster; a config of the swarm, made by SwarmOps.
# It founds a cluster only by the marker that SwarmOps puts into its data directory. Without it, it joins what is there, or waits. It never deletes a database.
set -euo pipefail
# The first process of a container ignores what it does not catch: without this a node that waits ends only when it is killed.
trap 'exit 143' TERM INT

readonly data=/var/lib/mysql
readonly marker=$data/.swarmops-bootstrap state=$data/.swarmops-state
# The history of the cluster that the data was last a part of; a first start, and a first state transfer, that are not over.
readonly member=$data/.swarmops-member founding=$data/.swarmops-founding joining=$data/.swarmops-joining
readonly cluster=${WSREP_CLUSTER_NAME:?} peers_name=${WSREP_CLUSTER_DNSNAME:?}
readonly provider=${WSREP_PROVIDER:-/usr/lib/galera/libgalera_smm.so}
readonly port=4567 port_in_hex=11D7
# Where a node says to its peers, and nobody else has to know a password for it, which history it holds.
readonly history_port=4569 history=/run/galera/history

say() { printf '%s [Note] [SwarmOps]: %s\n' "$(date -u '+%Y-%m-%d %H:%M:%S')" "$1" >&2; }

# phase NAME: what the health check, the report and the tool on the host are told. The position is told with it: it holds for this start, and only while no server has run.
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

# Without any record the query goes to the host's resolver, which may hang.
resolved() { timeout 3 getent ahostsv4 "$peers_name" | awk '{ print $1 }' | sort -u; }

# The address on the overlay, never the bridge's: that one is the same on every node.
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

# The server's options go into a file: from its command line MariaDB's state transfer hands innodb-buffer-pool-size on to mariadb-backup, which does not know it and ends.
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

# Whether it is known how far this node's data is.
has_position() { is_position "$position"; }

# Whether there is anything here that is not ours.
has_data() {
    local found
    # What cannot be read is not nothing.
    found=$(find "$data" -mindepth 1 -path "$data/.swarmops-*" -prune -o -type f -print -quit) || return 0
    [[ -n $found ]]
}

# Whether a state transfer would overwrite anything but the rest of an earlier one, which Galera itself marks: our own file may have been left beside a restored database.
holds_data() { has_data && { has_position || [[ ! -e $joining ]] || ! is_unsafe; }; }

# What a repair has decided to move aside must not join what was kept: numbers of one history may stand for other writes here.
is_diverged() {
    [[ -e $data/.swarmops-diverged ]] || return 1
    reason='a repair has decided to move its data aside (.swarmops-diverged), and was ended before that; Repair-GaleraCluster, the same line again, goes on'
}

# Data that a repair was moving aside is half here and half there: it is no database, and nothing here says how far it was.
is_moving() {
    [[ -e $data/.swarmops-moving ]] || return 1
    position='' recovered=''
    reason='its data was being moved aside (.swarmops-moving) when that run was ended; Repair-GaleraCluster, the same line again, goes on'
}

wait_while_moving() {
    ! is_moving || say "Waiting: $reason"
    while is_moving; do
        phase waiting
        sleep 2
    done
    reason=''
}

# Where Galera writes no uuid, a state transfer was cut off or the data was found inconsistent: what InnoDB says is worth nothing then.
is_unsafe() { [[ $(field uuid) == 00000000-* || -e $data/sst_in_progress ]]; }

# uuid:seqno of what is on the disk. After a crash grastate.dat says -1, or nothing at all; a node that started from that would lose its place in history.
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
    # The server checks all that Galera needs even for this, and ends without a word about the position when something is missing.
    gosu mysql mariadbd --wsrep-on=ON --wsrep-provider="$provider" --wsrep-cluster-address=gcomm:// --binlog-format=ROW --innodb-autoinc-lock-mode=2 \
        --wsrep-recover --log-error="$log" --skip-networking >/dev/null 2>&1 &
    server=$!
    # A big redo log takes long: the container must end when it is told to.
    trap 'kill "$server" 2>/dev/null; exit 143' TERM INT
    wait "$server" || say "Recovery of the position failed: $(grep -F '[ERROR]' "$log" | head -n 1)"
    trap 'exit 143' TERM INT
    recovered=$(sed -n 's/.*WSREP: Recovered position: *\([0-9a-f-]*:-\{0,1\}[0-9]*\).*/\1/p' "$log" | tail -n 1)
    rm -f "$log"
    is_position "$recovered" || recovered=
    position=$recovered
    say "Recovered position: ${position:-unknown}"
}

# The members of the last view, when this node was killed as one of them: together they form it again.
last_view_size() { grep -c '^member:' "$data/gvwstate.dat" 2>/dev/null || true; }

# Whether as many as were of it are there, and say that they are of this history: one that was left behind remembers members that have begun another since.
# Without a position it must not be one of them: they would agree on an empty history, and forget their own.
view_is_complete() {
    local size peer said alike=0
    has_position || return 1
    size=$(last_view_size)
    [[ ${size:-0} -gt 1 ]] || return 1
    for peer in $(peers); do
        said=$(history_of "$peer") || continue
        # An arbitrator is a member of every view, and holds no history.
        [[ $said != arbitrator && ${said%:*} != "${position%:*}" ]] || alike=$((alike + 1))
    done
    [[ $alike -ge $((size - 1)) ]]
}

history_of() { timeout 3 bash -c "exec 3<>/dev/tcp/$1/$history_port; head -n 1 <&3" 2>/dev/null; }

wait_for_address() {
    own=$(own_address | head -n 1)
    [[ -n $own ]] || say "Waiting until $peers_name names this node"
    while [[ -z $own ]]; do
        phase waiting
        sleep 1
        own=$(own_address | head -n 1)
    done
}

# uuid:seqno of every peer that can be joined and says it: at a port of its own, or, where an earlier version started it, by SQL.
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
    # Whoever answers gets the password offered; with TLS, which keeps out who is not of the cluster, it is not.
    [[ -n ${MARIADB_ROOT_PASSWORD_FILE:-} && -z ${GALERA_TLS_FILE:-} ]] || return 1
    MYSQL_PWD=$(<"$MARIADB_ROOT_PASSWORD_FILE") timeout 5 mariadb -h "$1" -uroot --connect-timeout=3 -NB \
        -e "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_cluster_status', 'wsrep_cluster_state_uuid', 'wsrep_last_committed')" 2>/dev/null |
        awk '{ value[$1] = $2 } END { if (value["wsrep_cluster_status"] == "Primary") print value["wsrep_cluster_state_uuid"] ":" value["wsrep_last_committed"] }'
}

# Whether this node may join: it has nothing to lose, or what answers has the same history and is as far. A state transfer would overwrite all else.
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
            reason="it holds ${position} and the cluster that answers has the history $group: its data would be overwritten; Repair-GaleraCluster moves it aside"
            return 1
        elif ! has_position && [[ $group != "$(cat "$member" 2>/dev/null)" ]]; then
            reason="it holds data of an unknown history and the cluster that answers has the history $group: its data would be overwritten; Repair-GaleraCluster moves it aside"
            return 1
        fi
    done
    # All who are of the last view come back together, each from where it was.
    ! view_is_complete || return 0
    if [[ -z $said ]]; then
        reason='a node answers at port 4567, and none says yet which history it holds'
        return 1
    fi
    for line in $said; do
        ! has_position || [[ ${position#*:} -le ${line#*:} ]] || continue
        return 0
    done
    reason="it holds ${position}, which is ahead of the cluster that answers (${line}): its data would be overwritten; Repair-GaleraCluster moves it aside"
    return 1
}

# Whether this node was told to begin. A marker of the tool holds until its host starts anew: others may have begun meanwhile. One made by hand holds until it is removed.
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
    stale='it was to begin before its host last started, and does not follow that marker any more; New-GaleraService or Repair-GaleraCluster, the same line again, decides anew'
    return 1
}

is_older_than_boot() { [[ $(stat -c %Y "$1") -lt $(awk '/^btime/ { print $2 }' /proc/stat) ]]; }

# The boot id as containers see it, which need not be the host's own word; an empty marker was made by hand.
note_boot() {
    [[ -s $marker ]] || return 0
    { grep -v '^boot_id=' "$marker" || true; printf 'boot_id=%s\n' "$(</proc/sys/kernel/random/boot_id)"; } >"$marker.new"
    sync "$marker.new" 2>/dev/null || sync
    mv "$marker.new" "$marker"
}

# A repair that left something behind asks for a new history: the one that was left must not join as if it had only stopped earlier.
wants_new_history() { grep -qx 'history=new' "$marker" 2>/dev/null; }

is_whole() { [[ -e $data/ibdata1 && -d $data/mysql ]] && ! is_unsafe; }

write_grastate() {
    printf '# GALERA saved state\nversion: 2.1\nuuid:    %s\nseqno:   %s\nsafe_to_bootstrap: 1\n' "$1" "$2" >"$data/grastate.dat.new"
    chown mysql: "$data/grastate.dat.new"
    mv "$data/grastate.dat.new" "$data/grastate.dat"
}

# begin_history WHY: what is here goes on under a name of its own, so that no other copy of it can be taken for a part of it.
begin_history() {
    recovered=$(</proc/sys/kernel/random/uuid):0
    position=$recovered
    write_grastate "${position%:*}" 0
    printf '%s\n' "${position%:*}" >"$member"
    say_history
    say "Founding from the database that is here, as the new history ${position%:*}: $1"
}

# Whether a cluster can begin from what is here. What does not belong to it is never deleted.
may_found() {
    local aside
    ! is_diverged && ! is_moving || return 1
    if wants_new_history; then
        if ! is_whole; then
            reason='its marker asks for a new history, and what it holds is not a whole database: no cluster is founded from it'
            return 1
        fi
        begin_history 'the repair has left something behind'
    elif has_position && [[ $(field uuid) == "${position%:*}" ]]; then
        sed -i 's/^safe_to_bootstrap:.*/safe_to_bootstrap: 1/' "$data/grastate.dat"
    elif ! has_data; then
        : >"$founding"
    elif [[ -e $founding ]]; then
        aside=$data/.swarmops-aside-$(date -u +%Y%m%dT%H%M%SZ)
        mkdir "$aside"
        find "$data" -mindepth 1 -maxdepth 1 ! -name '.swarmops-*' -exec mv -t "$aside" {} +
        say "The first start was cut off; what it had made is in $aside"
        position='' recovered=''
        rm -f "$history" "$member"
    elif ! is_whole; then
        reason='it has the marker, and what it holds is not a whole database (a state transfer that was cut off): no cluster is founded from it'
        return 1
    elif has_position && [[ -e $data/galera.cache && ${position%:*} == "$(cat "$member" 2>/dev/null)" ]]; then
        # grastate.dat was lost with the power; InnoDB knows where it was. A backup that was restored beside our own files has no write-set cache.
        write_grastate "${position%:*}" -1
    else
        begin_history 'it is a restored backup, and what was committed elsewhere after it is not in it'
    fi
}

found_cluster() {
    note_boot
    rm -f "$data/gvwstate.dat"
    address=gcomm://
    arguments+=(--wsrep-new-cluster)
    say 'Founding the cluster'
    drop_marker &
}

# The marker goes when the node can be joined, not before: until then a restart must found again.
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
    # Should the state transfer be cut off, this says whose data its rest is.
    [[ -z $group ]] || printf '%s\n' "$group" >"$member"
    has_data || : >"$joining"
    address=gcomm://$(peers | paste -sd,)
    # What would be initialised here is thrown away by the state transfer.
    [[ -e $data/mysql ]] || install -d -o mysql -g mysql "$data/mysql"
    say "Joining $address"
}

# What lies beside a database is not MariaDB's, and its state transfer leaves it alone.
keep_own_files() {
    local directory=/etc/mysql/conf.d
    [[ -d $directory ]] || directory=/etc/mysql/mariadb.conf.d
    printf '[mariadbd]\nignore-db-dirs=.swarmops-aside\nignore-db-dirs=lost+found\n[sst]\ncpat=%s\n' '.*\.pem$\|.*galera\.cache$\|.*sst_in_progress$\|.*\.sst$\|.*gvwstate\.dat$\|.*grastate\.dat$\|.*\.err$\|.*\.log$\|.*RPM_UPGRADE_MARKER$\|.*RPM_UPGRADE_HISTORY$\|.*/\.swarmops-[^/]*$' >"$directory/swarmops-sst.cnf"
}

# What is to be moved aside is no part of it. One that does not know how far it is (a state transfer that was cut off) says only whose data it had.
say_history() {
    if [[ -e $data/.swarmops-diverged || -e $data/.swarmops-moving ]]; then
        rm -f "$history"
    elif [[ -n $position ]]; then
        printf '%s\n' "$position" >"$history"
    elif [[ -s $member ]]; then
        printf '%s:\n' "$(<"$member")" >"$history"
    fi
}

# From before the first look at the peers: those that come back together look for each other's.
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

# Votes and holds no data; never the first.
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
# The state transfer's script takes the peer's name from the certificate with it.
[[ -z ${GALERA_TLS_FILE:-} || $role == arbitrator ]] || programs+=(openssl)
for program in "${programs[@]}"; do
    command -v "$program" >/dev/null || { say "the image lacks $program"; exit 64; }
done
[[ -e $provider ]] || { say "the image lacks $provider"; exit 64; }
# Before anything is changed, images are asked only whether they have all this.
[[ -z ${GALERA_CHECK_ONLY:-} ]] || exit 0

readonly recover_only=${GALERA_RECOVER_ONLY:-}
own='' position='' recovered='' address='' reason='' stale='' group='' arguments=() options=${WSREP_PROVIDER_OPTIONS:-}
if [[ -n $recover_only ]]; then
    # A node that does not run: the tool asks how far its data is.
    write_options "$@"
    is_moving || find_position
    printf 'position=%s\n' "$position"
    exit 0
fi

mkdir -p /run/galera
# What an earlier start wrote says nothing about what its server did after it.
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
    # A marker that is put there while this node waits: the tool has decided that this node begins.
    [[ $said == "waiting$reason" ]] || say "Waiting for a node of the cluster to answer${reason:+: $reason}; a full outage is ended by Repair-GaleraCluster"
    said=waiting$reason
    phase waiting
    sleep 2
done
reason=''

[[ -z $recovered ]] || arguments+=("--wsrep-start-position=$recovered")
phase starting
# For state transfers, which need no password: the database's own account on this host only.
export MARIADB_MYSQL_LOCALHOST_USER=1 MARIADB_MYSQL_LOCALHOST_GRANTS='RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR'
exec docker-entrypoint.sh mariadbd \
    --wsrep-on=ON --wsrep-provider="$provider" --wsrep-cluster-name="$cluster" --wsrep-cluster-address="$address" \
    --wsrep-node-address="$own" --wsrep-node-name="${WSREP_NODE_NAME:-$HOSTNAME}" --wsrep-provider-options="${options#;}" \
    --wsrep-sst-method=mariabackup --wsrep-sst-auth=mysql: \
    --binlog-format=ROW --default-storage-engine=InnoDB --innodb-autoinc-lock-mode=2 --bind-address=0.0.0.0 \
    "${arguments[@]}"
