namespace SwarmOps;

/// <summary>An inbound rule of a security group.</summary>
public sealed record SwarmFirewallRule
{
    /// <summary><c>tcp</c>, <c>udp</c>, <c>icmp</c>, a protocol number such as <c>50</c> (ESP), or <c>all</c>.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The first port, 0 to 65535; null where the protocol has none.</summary>
    public int? FromPort { get; init; }

    /// <summary>The last port, 0 to 65535; null where the protocol has none.</summary>
    public int? ToPort { get; init; }

    /// <summary>The permitted source: an IPv4 or IPv6 CIDR block, a security group id, or a prefix list id.</summary>
    public string Source { get; init; } = "";

    /// <summary>What the rule is for; ignored when rules are compared.</summary>
    public string Purpose { get; init; } = "";

    /// <inheritdoc/>
    public bool Equals(SwarmFirewallRule? other) =>
        other is not null && (Protocol, FromPort, ToPort, Source) == (other.Protocol, other.FromPort, other.ToPort, other.Source);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Protocol, FromPort, ToPort, Source);

    /// <summary>Such as <c>2377/tcp from 203.0.113.17/32</c>.</summary>
    public override string ToString() => $"{Traffic} from {Source}";

    /// <summary>Such as <c>2377/tcp</c>.</summary>
    internal string Traffic =>
        (Protocol, FromPort, ToPort) switch
        {
            ("all", _, _) => "everything",
            (var protocol, null, _) => $"protocol {protocol}",
            (var protocol, var from, var to) when from == to => $"{from}/{protocol}",
            (var protocol, var from, var to) => $"{from}-{to}/{protocol}",
        };
}
