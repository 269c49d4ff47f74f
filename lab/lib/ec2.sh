# shellcheck shell=bash
# The EC2 endpoint: moto, with what it lacks of EC2, in a process of the lab. An instance that is run there is a host.

readonly MOTO_VENV=$DISK_ROOT/.moto
readonly MOTO_NEEDED='moto[server]>=5.1'

# Prints the Python that has moto: that of the moto_server on PATH, any python3, else one of the lab's own, made now.
moto_python() {
    local python
    for python in "$(sed -n '1s/^#! *\(\/[^ ]*python[^ ]*\)$/\1/p' "$(command -v moto_server || echo /dev/null)")" python3 /usr/bin/python3 "$MOTO_VENV/bin/python"; do
        if [[ -n $python ]] && has_moto "$python"; then
            printf %s "$python"
            return
        fi
    done
    install_packages python3-venv
    note "lab: installing $MOTO_NEEDED (once)"
    rm -rf "$MOTO_VENV"
    { /usr/bin/python3 -m venv "$MOTO_VENV" && "$MOTO_VENV/bin/pip" install --quiet --retries 1 --timeout 15 "$MOTO_NEEDED"; } </dev/null >"$DISK_ROOT/moto.log" 2>&1 ||
        { rm -rf "$MOTO_VENV"; tail -n 1 "$DISK_ROOT/moto.log" >&2; die "the EC2 endpoint needs moto: there is no moto_server on PATH, and pip install '$MOTO_NEEDED' failed (full output: $DISK_ROOT/moto.log)"; }
    printf %s "$MOTO_VENV/bin/python"
}

has_moto() { "$1" -c 'import flask, moto; assert tuple(map(int, moto.__version__.split(".")[:2])) >= (5, 1)' 2>/dev/null; }

# Starts the endpoint at this machine's address in the lab. What an endpoint before it ran is gone with its memory.
start_ec2() {
    local python host
    ec2_is_up && return
    python=$(moto_python)
    for host in $(cloud_hosts); do remove_cloud_host "$host"; done
    rm -rf "$RUN/ec2.url" "$DISK/ec2"
    install -d -m 0700 "$DISK/ec2" "$DISK/addresses"
    (
        close_inherited
        enter_cgroup _lab
        exec </dev/null >>"$RUN/ec2.log" 2>&1
        record_pid ec2 "$BASHPID"
        PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 exec setsid "$python" "$LAB_HOME/libexec/ec2-endpoint" --lab "$LAB" --home "$LAB_HOME" \
            --disk "$DISK" --run "$RUN" --address "$(admin_address)" --prefix "$PREFIX" --first "$FIRST" --count "$HOST_OFFSETS"
    ) &
    disown
}

await_ec2() { await 60 "the EC2 endpoint (see $RUN/ec2.log)" test -s "$RUN/ec2.url"; }

ec2_is_up() { recorded_pid ec2 >/dev/null; }

ec2_url() { ! ec2_is_up || cat "$RUN/ec2.url" 2>/dev/null || true; }
