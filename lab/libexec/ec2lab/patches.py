"""Where moto does not do as EC2 does, and the lab needs it: states, addresses, client tokens, the console; and of Route 53: caller references, set identifiers."""

import threading

from moto.core.responses import ActionResult
from moto.core.types import Base64EncodedString
from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import elastic_ip_addresses, elastic_network_interfaces
from moto.ec2.models.elastic_ip_addresses import ElasticAddressBackend
from moto.ec2.models.instances import Instance, InstanceBackend
from moto.ec2.models.subnets import Subnet
from moto.ec2.responses.general import General
from moto.route53.exceptions import Route53ClientError
from moto.route53.models import Route53Backend

CONSOLE_BYTES = 64 * 1024


class IdempotentParameterMismatch(EC2ClientError):
    code = "IdempotentParameterMismatch"
    message = "The client token has been used with other parameters."


class IdempotentInstanceTerminated(EC2ClientError):
    code = "IdempotentInstanceTerminated"
    message = "The instance of this client token has been terminated."


class IncorrectInstanceState(EC2ClientError):
    code = "IncorrectInstanceState"

    def __init__(self, instance):
        super().__init__(f"The instance '{instance.id}' is not in a state from which it can be started or stopped.")


class HealthCheckAlreadyExists(Route53ClientError):
    def __init__(self):
        super().__init__("HealthCheckAlreadyExists", "The caller reference has been used for another health check, or for one that was deleted.")


class RecordNotFound(Route53ClientError):
    def __init__(self, record):
        super().__init__("InvalidChangeBatch", f"Tried to delete resource record set [name='{record['Name']}', type='{record['Type']}', set identifier='{record.get('SetIdentifier')}'] but it was not found")


def set_state(instance, name, code):
    instance._state.name, instance._state.code = name, code


def apply(lab, public, private, mirror):
    elastic_ip_addresses.random_ip = public.take
    elastic_network_interfaces.random_public_ip = public.take
    Subnet.get_available_subnet_ip = lambda self, instance: take_private(self, instance, private)
    patch_states(mirror)
    patch_launch()
    patch_association()
    patch_health_checks()
    patch_records()
    General.get_console_output = lambda self: console_output(self, lab)


def take_private(subnet, instance, private):
    address = private.take(subnet.cidr, subnet._subnet_ips)
    subnet._subnet_ips[address] = instance
    return address


def patch_states(mirror):
    """moto's instances are running, stopped or terminated at once; here the host decides when."""
    make, start, stop, terminate, reboot = Instance.__init__, Instance.start, Instance.stop, Instance.terminate, Instance.reboot

    def made(self, *arguments, **named):
        make(self, *arguments, **named)
        set_state(self, "pending", 0)

    def started(self):
        if self.state not in ("running", "pending", "stopped"):
            raise IncorrectInstanceState(self)
        if self.state != "stopped":
            return start_state(self)
        previous = start(self)
        keep_elastic(self)
        set_state(self, "pending", 0)
        return previous

    def start_state(self):
        state = type(self._state)()
        state.name, state.code = self._state.name, self._state.code
        return state

    def stopped(self):
        if self.state in ("stopped", "stopping"):
            return start_state(self)
        if self.state in ("terminated", "shutting-down"):
            raise IncorrectInstanceState(self)
        previous = stop(self)
        keep_elastic(self)
        set_state(self, "stopping", 64)
        return previous

    def terminated(self):
        if self.state in ("terminated", "shutting-down"):
            return start_state(self)
        for address in self.ec2_backend.addresses:
            if address.instance is self or (address.eni and address.eni.instance is self):
                self.ec2_backend.disassociate_address(address=address.public_ip)
        previous = terminate(self)
        for nic in self.nics.values():
            nic.public_ip = None
        set_state(self, "shutting-down", 32)
        return previous

    def rebooted(self):
        reboot(self)
        mirror.reboot(self.id)

    Instance.__init__, Instance.start, Instance.stop = made, started, stopped
    Instance.terminate, Instance.reboot = terminated, rebooted


def keep_elastic(instance):
    """An Elastic IP stays with a stopped instance; moto takes it for one that was given at launch."""
    for address in instance.ec2_backend.addresses:
        if address.eni in instance.nics.values():
            address.eni.public_ip = address.public_ip


def patch_launch():
    """Client tokens count, as EC2 documents them, and an instance without subnet gets one of the default VPC."""
    run = InstanceBackend.run_instances
    lock = threading.Lock()

    def run_instances(self, image_id, count, user_data, security_group_names, **named):
        token = named.get("client_token")
        asked = (image_id, count, str(user_data), named.get("instance_type"), named.get("subnet_id"), str(named.get("nics")), named.get("key_name"))
        with lock:
            known = self.__dict__.setdefault("lab_tokens", {})
            if token in known:
                reservation, before = known[token]
                if asked != before:
                    raise IdempotentParameterMismatch()
                if all(instance.state == "terminated" for instance in reservation.instances):
                    raise IdempotentInstanceTerminated()
                return reservation
            if not named.get("subnet_id") and not any("SubnetId" in nic or "NetworkInterfaceId" in nic for nic in named.get("nics", [])):
                subnets = self.get_default_subnets() if self.get_default_vpc() else {}
                if subnets and not named.get("nics"):
                    zone = named.get("placement") or min(subnets)
                    named["subnet_id"] = subnets[zone].id if zone in subnets else None
            reservation = run(self, image_id, count, user_data, security_group_names, **named)
            # moto's word for 'no token'.
            if token and token != "ABCDE":
                known[token] = (reservation, asked)
            return reservation

    InstanceBackend.run_instances = run_instances


def patch_association():
    """An interface has one public address: what it had before is no longer associated."""
    associate = ElasticAddressBackend.associate_address

    def associate_address(self, instance=None, eni=None, address=None, allocation_id=None, reassociate=False):
        wanted = (self.address_by_ip([address]) if address else self.address_by_allocation([allocation_id]))[0]
        interface = eni or instance.nics[0]
        if wanted.eni is not None and wanted.eni is not interface and reassociate:
            self.disassociate_address(address=wanted.public_ip)
        for other in self.addresses:
            if other is not wanted and other.eni is interface:
                other.eni = other.instance = other.association_id = None
        return associate(self, instance, eni, address, allocation_id, reassociate)

    ElasticAddressBackend.associate_address = associate_address


def console_output(response, lab):
    instance = response.ec2_backend.get_instance(response._get_param("InstanceId"))
    text = lab.console(instance.id)[-CONSOLE_BYTES:]
    return ActionResult({"InstanceId": instance.id, "Timestamp": utcnow(), "Output": Base64EncodedString.from_raw_string(text)})


def patch_health_checks():
    """A caller reference gives the check that it made, and none when that was deleted or asked for otherwise (API Reference, CreateHealthCheck)."""
    create = Route53Backend.create_health_check
    lock = threading.Lock()

    def create_health_check(self, caller_reference, health_check_args):
        with lock:
            known = self.__dict__.setdefault("lab_references", {})
            if caller_reference in known:
                identifier, before = known[caller_reference]
                if identifier not in self.health_checks or before != str(health_check_args):
                    raise HealthCheckAlreadyExists()
                return self.health_checks[identifier]
            check = create(self, caller_reference, health_check_args)
            known[caller_reference] = (check.id, str(health_check_args))
            return check

    Route53Backend.create_health_check = create_health_check


def patch_records():
    """A set identifier tells apart records of one name and type only; moto deletes those of all names."""
    change = Route53Backend.change_resource_record_sets

    def change_resource_record_sets(self, zoneid, change_list):
        zone = self.get_hosted_zone(zoneid)
        deleted = [item["ResourceRecordSet"] for item in change_list if item["Action"] == "DELETE"]
        for item in deleted:
            if not any(same_set(record, item) for record in zone.rrsets):
                raise RecordNotFound(item)
        change(self, zoneid, [item for item in change_list if item["Action"] != "DELETE"])
        zone.rrsets = [record for record in zone.rrsets if not any(same_set(record, item) for item in deleted)]

    Route53Backend.change_resource_record_sets = change_resource_record_sets


def same_set(record, item):
    return (record.name.strip("."), record.type, record.set_identifier) == (item["Name"].strip("."), item["Type"], item.get("SetIdentifier"))
