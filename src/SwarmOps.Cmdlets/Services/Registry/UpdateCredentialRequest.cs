using SwarmOps.Pipeline;

namespace SwarmOps.Services.Registry;

/// <summary>Which services get a new registry login.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="FindAsync">The login for an image; null if there is none for its registry, whose services are then left alone.</param>
internal sealed record UpdateCredentialRequest(
    IReadOnlyList<SwarmNode> Nodes,
    Func<string, CancellationToken, Task<RenewedLogin?>> FindAsync
) : ThrottledRequest
{
    /// <summary>Names of services; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Services { get; init; } = [];

    /// <summary>Names of registries; if empty, all.</summary>
    public IReadOnlyList<NameFilter> Registries { get; init; } = [];

    /// <summary>Whether there is one login, which goes to one registry only.</summary>
    public bool IsOneLogin { get; init; }
}
