using SwarmOps.Services;

namespace SwarmOps.GeoDns.Drain;

/// <summary>Which regions or nodes of an edge service are to leave DNS, or to come back.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Service">The edge service.</param>
internal sealed record SetEdgeRequest(IReadOnlyList<SwarmNode> Nodes, string Service)
{
    /// <summary>The regions.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Names of the nodes.</summary>
    public IReadOnlyList<string> NodeNames { get; init; } = [];

    /// <summary>Whether they leave; otherwise they come back.</summary>
    public bool IsOut { get; init; }

    /// <summary>Whether the last healthy region may leave.</summary>
    public bool IsForced { get; init; }

    /// <summary>Whether a cmdlet that updates the service there asks for it: it has been confirmed, and the region comes back afterwards.</summary>
    public bool IsForUpdate { get; init; }

    /// <summary>How long they may take to be seen healthy.</summary>
    public TimeSpan HealthTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How the name servers are updated.</summary>
    public ServiceOptions Options { get; init; } = new();

    /// <summary>What the request is about, in words.</summary>
    public string What =>
        string.Join(" and ", new[] { Words("region", Regions), Words("node", NodeNames) }.Where(words => words.Length > 0));

    private static string Words(string noun, IReadOnlyList<string> names) =>
        names.Count switch
        {
            0 => "",
            1 => $"the {noun} '{names[0]}'",
            _ => $"the {noun}s {string.Join(", ", names.Select(name => $"'{name}'"))}",
        };
}
