using Docker.DotNet.Models;

namespace SwarmOps.Nodes.Preflight;

/// <summary>Facts about a node's engine and host, or why they could not be read.</summary>
/// <param name="Node">The node.</param>
internal sealed record NodeFacts(SwarmNode Node)
{
    /// <summary>The engine's <c>/info</c>; null when it could not be asked.</summary>
    public SystemInfoResponse? Info { get; init; }

    /// <summary>Why the engine could not be asked.</summary>
    public SwarmOpsException? EngineError { get; init; }

    /// <summary>Facts about the host; null when they could not be read.</summary>
    public HostFacts? Host { get; init; }

    /// <summary>Why the host could not be asked.</summary>
    public SwarmOpsException? HostError { get; init; }

    /// <summary>The host's clock compared with this machine's; null when it could not be read.</summary>
    public ClockReading? Clock { get; init; }

    /// <summary>Whether the address that the node advertises is the host's own; null when that is not known.</summary>
    public bool? AdvertisesOwnAddress =>
        Host is null || NodeAddress.TryParse(Node.AdvertiseAddress ?? "") is not { } address ? null : Host.Addresses.Contains(address);

    /// <summary>A finding about this node.</summary>
    public NodeFinding Finding(string check, FindingResult result, string detail, string recommendedAction = "") =>
        new()
        {
            Node = Node.Name,
            Check = check,
            Result = result,
            Detail = detail,
            RecommendedAction = recommendedAction,
        };
}
