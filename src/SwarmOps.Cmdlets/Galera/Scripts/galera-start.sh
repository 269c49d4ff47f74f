#!/bin/bash
# Starts one node of a Galera cluster; a config of the swarm, made by SwarmOps.
# It founds a cluster only by the marker that SwarmOps puts into its data directory. Without it, it joins what is there, or waits.
set -euo pipefail
# The first process of a container ignores what it does not catch: without this a node that waits ends only when it is killed.
trap 'exit 143' TERM INT

readonly data=/var/lib/mysql
readonly marker=$data/.swarmops-bootstrap state=$data/.swarmops-state
readonly cluster=${WSREP_CLUSTER_NAME:?} peers_name=${WSREP_CLUSTER_DNSNAME:?}
readonly provider=${WSREP_PROVIDER:-/usr/lib/galera/libgalera_smm.so}
readonly port=4567 port_in_hex=11D7

say() { printf '%s [Note] [SwarmOps]: %s\n' "$(date -u '+%Y-%m-%d %H:%M:%S')" "$1" >&2; }

# phase NAME: what the health check, and the tool on the host, are told.
phase() {
    printf '%s\n' "$1" >/run/galera/phase
    printf 'phase=%s\nposition=%s\naddress=%s\n' "$1" "$position" "$own" >"$state.new"
    mv "$state.new" "$state"
}

field() { sed -n "s/^$1: *//p" "$data/grastate.dat" 2>/dev/null; }

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

# uuid:seqno of what is on the disk. After a crash grastate.dat says -1, and a node that started from that would lose its place in history.
find_position() {
    local log
    [[ -s $data/grastate.dat ]] || return 0
    position=$(field uuid):$(field seqno)
    [[ $position == *:-1 && -e $data/ibdata1 ]] || return 0
    log=$(mktemp)
    chown mysql "$log"
    install -d -o mysql /run/mysqld
    # The server checks all that Galera needs even for this, and ends without a word about the position when something is missing.
    gosu mysql mariadbd --wsrep-on=ON --wsrep-provider="$provider" --wsrep-cluster-address=gcomm:// --binlog-format=ROW --innodb-autoinc-lock-mode=2 \
        --wsrep-recover --log-error="$log" --skip-networking >/dev/null 2>&1 || say "Recovery of the position failed: $(grep -F '[ERROR]' "$log" | head -n 1)"
    recovered=$(sed -n 's/.*WSREP: Recovered position: *\([0-9a-f-]*:-\{0,1\}[0-9]*\).*/\1/p' "$log" | tail -n 1)
    rm -f "$log"
    [[ -z $recovered ]] || position=$recovered
    say "Recovered position: $position"
}

# Whether it is known how far this node's data is.
has_position() { [[ $position != 00000000-* && $position =~ ^[0-9a-f-]{36}:[0-9]+$ ]]; }

# The members of the last view, when this node was killed as one of them: together they form it again.
last_view_size() { grep -c '^member:' "$data/gvwstate.dat" 2>/dev/null || true; }

# Without a position it must not be one of them: they would agree on an empty history, and forget their own.
view_is_complete() {
    local size
    has_position || return 1
    size=$(last_view_size)
    [[ ${size:-0} -gt 1 && $(peers | wc -l) -ge $((size - 1)) ]]
}

wait_for_address() {
    own=$(own_address | head -n 1)
    [[ -n $own ]] || say "Waiting until $peers_name names this node"
    while [[ -z $own ]]; do
        phase waiting
        sleep 1
        own=$(own_address | head -n 1)
    done
}

wait_for_cluster() {
    local said=
    while ! any_peer_answers && ! view_is_complete; do
        # Put there while this node waits: the tool has decided that this node begins.
        [[ ! -e $marker ]] || return 1
        [[ -n $said ]] || say 'Waiting for a node of the cluster to answer; a full outage is ended by Repair-GaleraCluster'
        said=yes
        phase waiting
        sleep 2
    done
}

found_cluster() {
    if [[ -s $data/grastate.dat ]]; then
        sed -i 's/^safe_to_bootstrap:.*/safe_to_bootstrap: 1/' "$data/grastate.dat"
    else
        # The marker is put only where every directory was empty: what is here is a first start that was cut off.
        find "$data" -mindepth 1 -maxdepth 1 ! -name '.swarmops-*' -exec rm -rf {} +
    fi
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
            rm -f "$marker"
            return
        fi
        sleep 0.5
    done
}

join_cluster() {
    rm -f "$marker"
    address=gcomm://$(peers | paste -sd,)
    # What would be initialised here is thrown away by the state transfer.
    [[ -e $data/mysql ]] || install -d -o mysql -g mysql "$data/mysql"
    say "Joining $address"
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

mkdir -p /run/galera
own='' position='' recovered='' address='' arguments=() options=${WSREP_PROVIDER_OPTIONS:-}
prepare_tls
[[ $role != arbitrator ]] || arbitrate
write_options "$@"
find_position
wait_for_address
if [[ -e $marker ]] && ! any_peer_answers; then
    found_cluster
elif wait_for_cluster; then
    join_cluster
else
    found_cluster
fi

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
