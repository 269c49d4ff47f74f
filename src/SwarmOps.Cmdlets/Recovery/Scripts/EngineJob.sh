#!/bin/sh
# Holds the engine of this host while a step works on its swarm directory. The caller sets: root (the engine's data directory), id, kind (stop or freeze), limit (seconds),
# only (the host name that is meant; empty for any), and defines the step in the variable step, a script whose $1 is the swarm directory and $2 the work directory.
#
# Nothing that ends the session, or the program that opened it, can leave the engine held: the work is a unit of systemd's own, and before the engine is held a timer is armed
# that starts and continues it. The timer ends itself when the engine is active.
set -u
umask 077
: "${root:?}" "${id:?}" "${kind:?}" "${limit:?}" "${step:?}" "${only=}"
unable() { echo "$1" >&2; exit 69; }
busy() { echo 'another run works on the swarm directory of this host' >&2; exit 75; }
fail() { echo "$1" >&2; exit 1; }

[ -z "$only" ] || [ "$only" = "$(uname -n)" ] || unable 'the socket belongs to another host'
[ "$(cat /proc/1/comm 2>/dev/null)" = systemd ] || unable 'this host is not run by systemd'
command -v systemd-run >/dev/null || unable 'systemd-run is not installed'
[ "$(systemctl is-active docker.service)" = active ] || unable 'the engine is not the unit docker.service'
units=docker.service
systemctl cat docker.socket >/dev/null 2>&1 && units='docker.socket docker.service'

work="$root/swarmops-recovery"
mkdir -p "$work" || fail "$work cannot be created"
chmod 700 "$work"
exec 9>>"$work/guard" || exit 1
flock -n 9 || busy
systemctl is-active --quiet 'swarmops-job-*' && busy
# What an interrupted run left: copies only.
find "$work" -mindepth 1 -maxdepth 1 -type d ! -name "$id" -exec rm -rf {} +
dir="$work/$id"
mkdir -p "$dir" || fail "$dir cannot be created"
printf '%s\n' "$step" >"$dir/step.sh"
# Part of the command lines, so that nothing depends on a file that could be deleted meanwhile.
back="systemctl kill -s CONT docker.service; systemctl reset-failed $units; systemctl start $units && systemctl stop swarmops-back-$id.timer"
cat >"$dir/job.sh" <<EOF
step=\$(cat "$dir/step.sh")
say() { echo "\$1" >"$dir/status.new"; mv -f "$dir/status.new" "$dir/status"; }
millis() { echo \$((\$(date +%s%N) / 1000000)); }
held() {
    if [ $kind = freeze ]; then
        for thread in /proc/\$pid/task/*/status; do grep -q '^State:.T' "\$thread" || return 1; done
    else
        [ "\$(systemctl is-active docker.service)" != active ] && [ ! -e /proc/\$pid ]
    fi
}
hold() {
    if [ $kind = freeze ]; then
        kill -STOP \$pid
        for try in 1 2 3 4 5 6 7 8 9 10; do held && return; sleep 0.05; done
    else
        systemctl stop $units 2>"$dir/error"
    fi
    held
}
# A function, so that all of it is read before the engine is held.
work() {
    systemd-run --quiet --collect --unit=swarmops-back-$id --on-active=$limit --on-unit-inactive=15 --timer-property=AccuracySec=1s /bin/sh -c '$back' 2>"$dir/error" \\
        || { say "failed the timer that starts the engine again could not be armed: \$(tail -n 1 "$dir/error") 0"; exit 1; }
    pid=\$(systemctl show -p MainPID --value docker.service)
    begun=\$(millis)
    if hold; then
        if /bin/sh -c "\$step" step "$root/swarm" "$dir" 2>"$dir/error" && held; then result=done; else result="failed \$(tail -n 1 "$dir/error")"; fi
    else
        result='failed the engine could not be held'
    fi
    $back
    took=\$((\$(millis) - begun))
    [ "\$(systemctl is-active docker.service)" = active ] || { say "stopped \$(systemctl show -p Result --value docker.service)"; exit 1; }
    say "\$result \$took"
}
work
exit
EOF
systemd-run --quiet --collect --unit="swarmops-job-$id" /bin/sh "$dir/job.sh" || fail 'the job could not be started'
