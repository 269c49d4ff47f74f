using System.Text.Json.Nodes;
using SwarmOps.Services.Running;
using SwarmOps.Stacks.Model;

namespace SwarmOps.Stacks.Planning;

/// <summary>A service of a stack, and what it is to become.</summary>
/// <param name="Service">Its definition.</param>
/// <param name="Name">Its name in the swarm.</param>
/// <param name="Wanted">The document, with names in place of ids.</param>
/// <param name="Present">The service, if the swarm has it.</param>
/// <param name="Differences">What differs from it.</param>
internal sealed record ServiceStep(
    StackService Service,
    string Name,
    JsonObject Wanted,
    ServiceState? Present,
    IReadOnlyList<string> Differences
)
{
    /// <summary>The credential for the registry of its image, in the engine's format; null for none.</summary>
    public string? Login { get; init; }

    public bool Changes => Present is null || Differences.Count > 0;

    public string Image => (string?)Wanted["TaskTemplate"]?["ContainerSpec"]?["Image"] ?? Service.Image;
}
