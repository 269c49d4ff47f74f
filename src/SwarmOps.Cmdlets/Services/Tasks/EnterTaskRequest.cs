using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Services.Tasks;

/// <summary>A task to enter.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Selection">Which task.</param>
/// <param name="Program">The program to run there.</param>
internal sealed record EnterTaskRequest(IReadOnlyList<SwarmNode> Nodes, TaskSelection Selection, ContainerProgram Program)
    : ThrottledRequest
{
    /// <summary>Takes the exit code of the program.</summary>
    public Func<int, Task> ExitAsync { get; init; } = static _ => Task.CompletedTask;
}
