# Makes the engine of a lab's host a bare one: ended, without its swarm, and started again. To leave the swarm is not enough: an engine 20.10 that
# leaves and cannot tell others in time stays deaf on 7946, and one whose promotion starts stays stuck, in every later swarm. And one that was
# killed leaves its overlays' namespaces behind: their VXLAN devices stand in the way of the next network with the same number.
containers=$(docker ps -aq 2>/dev/null) && [ -n "$containers" ] && docker rm -fv $containers >/dev/null 2>&1
systemctl stop docker.socket 2>/dev/null
systemctl kill -s KILL docker 2>/dev/null
systemctl stop docker
for namespace in /run/docker/netns/*; do umount "$namespace" 2>/dev/null; rm -f "$namespace"; done
for link in $(ip -br link show type vxlan | cut -d ' ' -f 1); do ip link delete "${link%@*}"; done
rm -rf /var/lib/docker/swarm
systemctl disable --now swarmops-nat-repair >/dev/null 2>&1
rm -rf /etc/swarmops /etc/systemd/system/swarmops-nat-repair.service
nft delete table inet swarmops 2>/dev/null
rm -rf /run/lock/swarmops.lock
systemctl reset-failed docker docker.socket 2>/dev/null
for try in 1 2 3 4 5; do
    systemctl start docker.socket docker && exit 0
    sleep 1
    systemctl reset-failed docker docker.socket 2>/dev/null
done
exit 1
