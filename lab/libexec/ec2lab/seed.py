"""What a new instance finds on its disk: its settings for the lab, and its data for cloud-init (NoCloud)."""

import base64
import json
import shlex


def files(instance):
    """File names and texts for ec2-host create."""
    backend = instance.ec2_backend
    subnet = backend.get_subnet(instance.subnet_id)
    vpc = backend.get_vpc(instance.vpc_id)
    settings = {
        "HOST_REGION": backend.region_name,
        "HOST_HOSTNAME": "ip-" + instance.private_ip.replace(".", "-"),
        "HOST_PRIVATE": instance.private_ip,
        "HOST_PREFIX": str(subnet.cidr.prefixlen),
        "HOST_GATEWAY": str(subnet.cidr.network_address + 1),
        "HOST_PUBLIC": instance.public_ip or "",
        "VPC_NETWORK": vpc.cidr_block,
    }
    meta_data = {
        "instance-id": instance.id,
        "local-hostname": settings["HOST_HOSTNAME"],
        "availability-zone": subnet.availability_zone,
        "region": backend.region_name,
        "public-keys": public_keys(instance),
    }
    return {
        "settings": "".join(f"{name}={shlex.quote(value)}\n" for name, value in settings.items()),
        "seed/meta-data": json.dumps(meta_data, indent=1) + "\n",
        "seed/user-data": user_data(instance),
        "seed/vendor-data": "",
    }


def public_keys(instance):
    pair = instance.ec2_backend.key_pairs.get(instance.key_name)
    return [pair.public_key.strip()] if pair else []


def user_data(instance):
    """Text only: the lab passes no compressed user data on."""
    text = str(instance.user_data or "")
    return base64.b64decode(text).decode("utf-8") if text else ""
