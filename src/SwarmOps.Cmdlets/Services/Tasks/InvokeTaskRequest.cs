using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Services.Tasks;

/// <summary>A command to run in tasks.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Selection">Which tasks.</param>
/// <param name="Program">The command.</param>
internal sealed record InvokeTaskRequest(IReadOnlyList<SwarmNode> Nodes, TaskSelection Selection, ContainerProgram Program)
    : ThrottledRequest
{
    /// <summary>Whether each line is written as an object of its own, as it comes.</summary>
    public bool AsLine { get; init; }

    /// <summary>How long the command may take, in seconds; 0 for any time.</summary>
    public int TimeoutSeconds { get; init; }
}
