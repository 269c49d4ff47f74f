namespace SwarmOps.Services;

/// <summary>Which services to wait for.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Names">Names of the services.</param>
internal sealed record WaitServiceRequest(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<string> Names)
{
    /// <summary>How long each may take, and how long it must remain stable.</summary>
    public ServiceOptions Options { get; init; } = new();
}
