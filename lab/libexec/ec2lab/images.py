"""Canonical's images and the public SSM parameters that name them, as in every region of AWS; moto has neither."""

import datetime
import hashlib

from moto.ec2.models.amis import Ami, AmiBackend
from moto.ssm.models import Parameter, ParameterDict

CANONICAL = "099720109477"
RELEASES = [("jammy", "22.04", "gp2"), ("noble", "24.04", "gp3"), ("resolute", "26.04", "gp3")]
ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64"}
DATES = ["20260612", "20261015"]
PREFIX = "/aws/service/canonical/ubuntu/server/"


def image_id(region, name):
    """The same at every start: 'ami-' and 17 hexadecimal digits, another one in every region."""
    return "ami-0" + hashlib.sha256(f"{region} {name}".encode()).hexdigest()[:16]


def name_of(release, version, disk, architecture, date, family="images", flavour="server"):
    kind = "hvm-ssd-gp3" if disk == "gp3" else "hvm-ssd"
    return f"ubuntu/{family}/{kind}/ubuntu-{release}-{version}-{architecture}-{flavour}-{date}"


def names():
    """Pairs of name and architecture; daily and minimal images are there too, for they must not be taken for a release."""
    for release, version, disk in RELEASES:
        for architecture in ARCHITECTURES:
            for date in DATES:
                yield name_of(release, version, disk, architecture, date), architecture, date
            yield name_of(release, version, disk, architecture, "20261118", "images-testing", "daily-server"), architecture, "20261118"
            yield "ubuntu-minimal/" + name_of(release, version, disk, architecture, "20261101", flavour="minimal").split("/", 1)[1], architecture, "20261101"


def load(backend):
    for name, architecture, date in names():
        image = Ami(
            backend,
            image_id(backend.region_name, name),
            name=name,
            description=f"Canonical, Ubuntu, {ARCHITECTURES[architecture]}",
            owner_id=CANONICAL,
            owner_alias="amazon",
            public=True,
            virtualization_type="hvm",
            architecture=ARCHITECTURES[architecture],
            creation_date=datetime.datetime.strptime(date, "%Y%m%d"),
            image_location=f"amazon/{name}",
            hypervisor="xen",
            root_device_type="ebs",
            root_device_name="/dev/sda1",
            sriov="simple",
            region_name=f"{backend.region_name}a",
        )
        backend.amis[image.id] = image


def parameters(region):
    for release, version, disk in RELEASES:
        for architecture in ARCHITECTURES:
            value = image_id(region, name_of(release, version, disk, architecture, DATES[-1]))
            for serial in ("current", DATES[-1]):
                yield f"{PREFIX}{version}/stable/{serial}/{architecture}/hvm/ebs-{disk}/ami-id", value


def load_parameters(dictionary):
    for name, value in parameters(dictionary.region_name):
        parameter = Parameter(
            account_id=dictionary.account_id,
            name=name,
            value=value,
            parameter_type="String",
            description=None,
            allowed_pattern=None,
            keyid=None,
            last_modified_date=datetime.datetime.now(datetime.timezone.utc),
            version=1,
            data_type="aws:ec2:image",
        )
        dict.__setitem__(dictionary, name, [parameter])


def seed():
    load_images, check = AmiBackend._load_amis, ParameterDict._check_loading_status

    def load_amis(self):
        load_images(self)
        load(self)

    def check_loading_status(self, key):
        if str(key or "").startswith(PREFIX.rstrip("/")) and not getattr(self, "canonical_loaded", False):
            self.canonical_loaded = True
            load_parameters(self)
        check(self, key)

    AmiBackend._load_amis = load_amis
    ParameterDict._check_loading_status = check_loading_status
