# shellcheck shell=bash

help_for() {
    case ${1:-} in
        up) cat <<'TEXT'
lab up [--name NAME] [--regions A,B,...] [--hosts-per-region N] [--delay MS | --delay A:B=MS,...]
       [--delay-admin MS] [--engine VERSION|PATH] [--ec2] [--no-packages]

Creates and starts a lab: regions (default eu-central-1,us-east-1,us-west-1) with N hosts each (default 1).
--delay        round-trip time between regions, for all pairs or for single ones (default 0)
--delay-admin  round-trip time between this machine and every region (default 0)
--engine       the hosts' Docker engine: 20.10, 26.1 or 28.5 (the default, or else LAB_ENGINE), those of Debian 12, 13 and 14, fetched
               when first asked for; or the path of a dockerd: programs next to it (containerd, runc, docker) are used too
--ec2          an EC2 endpoint (moto), whose address 'status' shows; without --regions there are no other hosts than the
               instances that are run there. On a lab that is up it starts the endpoint (again), with no instances
--no-packages  apt finds nothing to install in the endpoint's instances: a first boot that fails
TEXT
            ;;
        down) echo 'lab down [--name NAME]: stops and removes a lab; can be repeated, and works after a killed "up".' ;;
        status) echo 'lab status [--name NAME] [--json]: shows the hosts of a lab; docs/lab.md describes the JSON.' ;;
        list) echo 'lab list: lists the labs that are up.' ;;
        deps) echo 'lab deps [PACKAGE...] [--ec2]: installs missing dependencies, the named Debian packages and (--ec2) the EC2 endpoint, and builds the hosts'"'"' root file system; "up" does this too.' ;;
        clean) echo 'lab clean: removes the cached root file system of the hosts; no lab may be up.' ;;
        host) cat <<'TEXT'
lab host add REGION [--engine VERSION|PATH | --no-engine]
                                    a further host, in a further region if need be; prints its name
lab host engine HOST VERSION        another engine in place: stops the old one, starts the new one on the same data
lab host address HOST               another public address; prints it
lab host remove HOST                for good
lab host reboot HOST [--wait] [--hard]
lab host stop HOST [--hard]
lab host start HOST
Each takes --name NAME. --hard cuts the power, --wait returns when sshd and the engine answer again.
TEXT
            ;;
        fault) cat <<'TEXT'
lab fault drop-esp HOST|REGION          drops IP protocol 50 in both directions
lab fault drop HOST|REGION PORT/PROTO   drops packets to this port in both directions, such as 2377/tcp or 4789/udp
lab fault cut REGION [--keep-admin]     drops everything between the region and the WAN (--keep-admin: except this machine)
lab fault slow A:B=MS                   sets the round-trip time of a pair of regions
lab fault heal [WHAT...]                removes all faults, or those whose line (lab fault list) starts with WHAT
lab fault list                          lists the faults
Each takes --name NAME.
TEXT
            ;;
        exec) echo 'lab exec [--name NAME] HOST -- COMMAND...: runs a command inside a host, as root, without ssh.' ;;
        ssh) echo 'lab ssh [--name NAME] HOST [COMMAND...]: ssh to the public address of a host, as root.' ;;
        image)
            echo 'lab image load [--name NAME] HOST|all [busybox|gdnsd|mariadb[:10.11|:11.8]|monitoring|syncthing[:1.19|:1.29]|wordpress|ARCHIVE]: loads an image of the lab (all but busybox are built at first use) or an archive into engines.'
            echo 'lab image push [--name NAME] IMAGE...: puts images of the lab, by the same names, into its registry; prints the name by which engines pull each.'
            ;;
        vm) cat <<'TEXT'
lab vm up [--memory MIB]     boots a guest with Debian's own kernel (ESP, IPVS, netem); its image is built once
lab vm exec COMMAND...       runs a command there as root; this lab is in /opt/lab
lab vm copy FOLDER [NAME]    copies a folder to /opt/NAME of the guest
lab vm nightly [--keep] [-- COMMAND...]
                             boots the guest, tests the encrypted overlay with packets, and stops it; COMMAND runs in
                             the guest and repairs the overlay (default: sets the rule by hand)
lab vm down                  stops the guest
The guest has no network except one port on 127.0.0.1 for ssh. It is emulated unless LAB_VM_ACCEL=kvm.
TEXT
            ;;
        *) cat <<'TEXT'
lab: a swarm across regions on one machine. Regions behind 1:1 NAT, hosts with sshd and a Docker engine.

  up, down, status, list      manage a lab (--name NAME, default "lab")
  host                        add, remove, reboot, stop, start a host; give it another engine
  exec, ssh                   run a command inside a host
  fault                       drop, cut, slow, heal
  image                       load an image into the engines, or push it to the registry
  vm                          the same lab in a guest with Debian's own kernel
  deps, clean                 what all labs share

lab COMMAND --help describes a command. Needs root on Debian 12. Exit code: 0 success, 1 failure, 2 invalid usage or unsupported machine.
TEXT
            ;;
    esac
}
