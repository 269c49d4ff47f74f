"""Security groups as matches of nftables: what the router of a region lets into an instance."""


def matches(instance):
    """One line a rule, sorted, each once."""
    groups = {group.id: group for group in instance.security_groups}
    for nic in instance.nics.values():
        groups.update({group.id: group for group in nic.group_set})
    lines = set()
    for group in groups.values():
        for rule in group.ingress_rules:
            lines.update(f"ip saddr {source} {what(rule)}".strip() for source in sources(instance, rule))
    return sorted(lines)


def sources(instance, rule):
    if rule.cidr_ipv4:
        yield rule.cidr_ipv4
    wanted = rule.source_group.get("GroupId")
    if not wanted:
        return
    for reservation in list(instance.ec2_backend.reservations.values()):
        for other in reservation.instances:
            member = {group.id for nic in other.nics.values() for group in nic.group_set}
            if wanted in member and other.private_ip and other.state not in ("terminated", "shutting-down"):
                yield other.private_ip


def what(rule):
    protocol = str(rule.ip_protocol)
    if protocol == "-1":
        return ""
    if protocol in ("tcp", "udp"):
        low, high = int(rule.from_port), int(rule.to_port)
        if (low, high) in ((0, 65535), (-1, -1)):
            return f"meta l4proto {protocol}"
        return f"{protocol} dport {low}" if low == high else f"{protocol} dport {low}-{high}"
    return f"meta l4proto {protocol}"
