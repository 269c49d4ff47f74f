namespace SwarmOps;

/// <summary>How much a finding matters. Ordered: a later value matters more.</summary>
public enum SwarmFindingSeverity
{
    /// <summary>Good to know; nothing needs to be done now.</summary>
    Information,

    /// <summary>It could not be observed, so whether it works is not known.</summary>
    Unknown,

    /// <summary>It works, but needs attention.</summary>
    Warning,

    /// <summary>It does not work, one more failure would stop the swarm, or strangers reach what only nodes may.</summary>
    Critical,
}

/// <summary>What a finding is about.</summary>
public enum SwarmFindingArea
{
    /// <summary>Managers, quorum, certificates and settings of the swarm.</summary>
    Swarm,

    /// <summary>A node: its state, engine, host and the ports between nodes.</summary>
    Node,

    /// <summary>An overlay network.</summary>
    Overlay,

    /// <summary>A service.</summary>
    Service,

    /// <summary>A Galera cluster.</summary>
    Galera,

    /// <summary>A shared folder.</summary>
    SharedFolder,

    /// <summary>A zone that name servers on the swarm answer.</summary>
    GeoDns,

    /// <summary>The security groups of an EC2 cluster.</summary>
    Firewall,
}

/// <summary>Something that is or will be wrong with a swarm or with what runs on it.</summary>
public sealed record SwarmFinding
{
    /// <summary>How much it matters.</summary>
    public SwarmFindingSeverity Severity { get; init; }

    /// <summary>What it is about.</summary>
    public SwarmFindingArea Area { get; init; }

    /// <summary>Name of the object that it concerns: a node, network, service, cluster, folder, zone or security group, or <c>swarm</c>.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Name of the check, such as <c>NodeDown</c>; the same in every version, so scripts can compare it.</summary>
    public string Check { get; init; } = "";

    /// <summary>What was observed.</summary>
    public string Message { get; init; } = "";

    /// <summary>What to do next; empty when nothing needs to be done.</summary>
    public string RecommendedAction { get; init; } = "";

    /// <summary>Since when, UTC: as the engines report it, or with <c>Get-SwarmFinding -Wait</c> when it was first seen; null when that is not known.</summary>
    public DateTime? Since { get; init; }

    /// <summary>With <c>Get-SwarmFinding -Wait</c>: whether the problem was seen before and is gone now.</summary>
    public bool IsResolved { get; init; }

    /// <summary>What distinguishes findings of one check about one object, such as the other node.</summary>
    internal string Distinction { get; init; } = "";

    /// <summary>Equal for the same problem at two moments, whatever numbers its message has.</summary>
    internal string Key => $"{Area}/{Subject}/{Check}/{Distinction}";

    /// <summary>Message and recommended action as one text.</summary>
    internal string Text => RecommendedAction.Length == 0 ? Message : $"{Message} {RecommendedAction}";

    /// <summary>Severity, subject and message.</summary>
    public override string ToString() => $"{Severity}: {Subject}: {Message}";
}
