"""Which addresses instances get: public ones of the lab's network, private ones that differ irregularly from them."""

import ipaddress
import os
import random
import threading
import time

from moto.ec2.exceptions import EC2ClientError


class AddressLimitExceeded(EC2ClientError):
    code = "AddressLimitExceeded"
    message = "The maximum number of addresses has been reached."


class PublicAddresses:
    """Whoever makes the folder of an address has it: the lab's own hosts take theirs the same way."""

    # An address that was taken a moment ago may not be in the model yet.
    GRACE_SECONDS = 10

    def __init__(self, disk, prefix, first, count):
        self._folder = os.path.join(disk, "addresses")
        self._offsets = [f"{prefix}.{first + 1 + number * 29 % count}" for number in range(count)]
        self._taken = {}
        self._next = 0

    def take(self):
        for _ in self._offsets:
            # Round and round, so that an address that was given back is not the next one's at once.
            address = self._offsets[self._next % len(self._offsets)]
            self._next += 1
            try:
                os.mkdir(os.path.join(self._folder, address))
            except FileExistsError:
                continue
            self._taken[address] = time.monotonic()
            return address
        raise AddressLimitExceeded()

    def keep_only(self, used):
        for address, since in list(self._taken.items()):
            if address not in used and time.monotonic() - since > self.GRACE_SECONDS:
                del self._taken[address]
                os.rmdir(os.path.join(self._folder, address))


class PrivateAddresses:
    """
    A UDP checksum computed over a private address and verified over a public one may match by accident if two hosts
    differ alike (docs/lab.md). All public addresses of a lab lie within 64 numbers: private ones that are further
    apart than that, as the checksum sees them, never do.
    """

    DISTANCE = 64
    TRIES = 5000

    def __init__(self, lab):
        self._lab = lab
        self._given = []
        self._lock = threading.Lock()

    def take(self, network, in_use):
        with self._lock:
            others = [self._sum(address) for address in (*self._lab.private_addresses(), *self._given)]
            for _ in range(self.TRIES):
                # The first ones of a subnet are the cloud's own, and the last one is the broadcast address.
                address = str(network.network_address + random.randrange(10, network.num_addresses - 1))
                apart = all(self.DISTANCE <= abs(self._sum(address) - other) <= 65535 - self.DISTANCE for other in others)
                if address not in in_use and apart:
                    self._given = [*self._given[-20:], address]
                    return address
        raise RuntimeError(f"no private address is left in {network}")

    @staticmethod
    def _sum(address):
        packed = ipaddress.IPv4Address(address).packed
        return (packed[0] * 256 + packed[1] + packed[2] * 256 + packed[3]) % 65535
