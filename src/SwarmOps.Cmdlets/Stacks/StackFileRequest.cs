using SwarmOps.Services;
using SwarmOps.Stacks.Planning;
using SwarmOps.Stacks.Reading;

namespace SwarmOps.Stacks;

/// <summary>A stack in files, and the swarm that it is compared with.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Files">The files, with what they are read with.</param>
internal sealed record StackFileRequest(IReadOnlyList<SwarmNode> Nodes, StackReadRequest Files)
{
    /// <summary>Whether what the files do not have is removed.</summary>
    public bool Prunes { get; init; }

    /// <summary>Whether a failure restores what the services were before.</summary>
    public bool RollsBack { get; init; } = true;

    /// <summary>What the cmdlet has found out already.</summary>
    public StackFacts Facts { get; init; } = new();

    /// <summary>How services are deployed.</summary>
    public ServiceOptions Options { get; init; } = new();
}
