"""The lab as the endpoint sees it: its folders, its hosts, and the program that changes them."""

import os
import shlex
import subprocess


class Lab:
    def __init__(self, name, home, disk, run):
        self.name, self.disk, self.folder = name, disk, run
        self._program = os.path.join(home, "libexec", "ec2-host")

    def ask(self, action, instance_id, *arguments, text=None):
        """Runs a command of libexec/ec2-host; whether it did what was asked. Its words come into the endpoint's log."""
        done = subprocess.run([self._program, self.name, action, instance_id, *arguments], input=text or "", text=True, check=False)
        return done.returncode == 0

    def spool(self, instance_id, files):
        """Puts files where 'ec2-host create' looks for them."""
        for name, text in files.items():
            path = os.path.join(self.disk, "ec2", instance_id, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)

    def state(self, instance_id):
        """booting, running or stopped; None when there is no such host."""
        return self._read(os.path.join(self.folder, "hosts", instance_id, "state"))

    def console(self, instance_id):
        return self._read(os.path.join(self.folder, "hosts", instance_id, "console.log")) or ""

    def private_addresses(self):
        """Those of all hosts, of whatever origin."""
        hosts = os.path.join(self.disk, "hosts")
        for name in os.listdir(hosts):
            for line in (self._read(os.path.join(hosts, name, "host.conf")) or "").splitlines():
                if line.startswith("HOST_PRIVATE="):
                    yield shlex.split(line.partition("=")[2])[0]

    @staticmethod
    def _read(path):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                return file.read().strip()
        except OSError:
            return None
