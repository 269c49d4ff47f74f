"""Makes the hosts of the lab what the model says of its instances, and the model what the hosts say of themselves."""

import sys
import threading
import time
import traceback

from moto.ec2.models import ec2_backends

from ec2lab import groups, seed
from ec2lab.patches import set_state

PAUSE_SECONDS = 0.15


def backends():
    for account in list(ec2_backends.values()):
        yield from list(account.values())


class Mirror(threading.Thread):
    """Looks for new instances, and gives each a thread of its own: hosts boot and end side by side."""

    def __init__(self, lab, public):
        super().__init__(daemon=True)
        self._lab, self._public, self._twins = lab, public, {}

    def run(self):
        while True:
            time.sleep(PAUSE_SECONDS)
            try:
                self._look()
            except Exception:
                traceback.print_exc()

    def reboot(self, instance_id):
        if instance_id in self._twins:
            self._twins[instance_id].reboot_wanted = True

    def _look(self):
        used = set()
        for backend in backends():
            used.update(address.public_ip for address in list(backend.addresses))
            for reservation in list(backend.reservations.values()):
                for instance in list(reservation.instances):
                    used.add(instance.public_ip)
                    if instance.id not in self._twins and instance.state != "terminated":
                        self._twins[instance.id] = Twin(self._lab, instance)
                        self._twins[instance.id].start()
        self._public.keep_only(used)


class Twin(threading.Thread):
    """One instance and its host, from the first boot to the end."""

    def __init__(self, lab, instance):
        super().__init__(daemon=True, name=instance.id)
        self._lab, self._instance, self._id = lab, instance, instance.id
        self._made, self._public, self._rules = False, None, None
        self.reboot_wanted = False

    def run(self):
        while self._instance.state != "terminated":
            try:
                self._step()
            except Exception:
                print(f"{self._id}:", file=sys.stderr)
                traceback.print_exc()
            time.sleep(PAUSE_SECONDS)

    def _step(self):
        state = self._instance.state
        if state == "shutting-down":
            self._end()
        elif state == "stopping":
            if self._made:
                self._lab.ask("stop", self._id)
            # It may have been terminated meanwhile.
            if self._instance.state == "stopping":
                set_state(self._instance, "stopped", 80)
        elif state == "pending":
            self._begin()
        elif state == "running":
            self._follow()
        self._keep_reachable()

    def _begin(self):
        if not self._made:
            self._lab.spool(self._id, seed.files(self._instance))
            public = self._instance.public_ip or ""
            if not self._lab.ask("create", self._id):
                raise RuntimeError("the host was not made; its instance stays pending")
            self._made, self._public = True, public
        elif self._lab.state(self._id) == "stopped":
            self._lab.ask("start", self._id)
        self._keep_reachable()
        if self._lab.state(self._id) == "running" and self._instance.state == "pending":
            set_state(self._instance, "running", 16)

    def _follow(self):
        if self.reboot_wanted:
            self.reboot_wanted = False
            self._lab.ask("reboot", self._id)
        elif self._lab.state(self._id) == "stopped":
            # Powered off from inside: the instance says what that means.
            if self._instance.instance_initiated_shutdown_behavior == "terminate":
                self._instance.terminate()
            elif self._instance.state == "running":
                self._instance.stop()

    def _end(self):
        if self._made or self._lab.state(self._id):
            if not self._lab.ask("remove", self._id):
                raise RuntimeError("the host was not removed; its instance stays shutting-down")
        set_state(self._instance, "terminated", 48)
        self._made = False

    def _keep_reachable(self):
        """Public address and security groups change at any time, of a stopped instance too."""
        if not self._made:
            return
        public, rules = self._instance.public_ip or "", groups.matches(self._instance)
        if public != self._public and self._lab.ask("address", self._id, public):
            self._public = public
        if rules != self._rules and self._lab.ask("firewall", self._id, text="".join(line + "\n" for line in rules)):
            self._rules = rules
