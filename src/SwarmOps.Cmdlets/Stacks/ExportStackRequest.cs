using SwarmOps.Pipeline;

namespace SwarmOps.Stacks;

/// <summary>Which stack is to be written as a Compose file.</summary>
/// <param name="Nodes">Nodes of the swarm.</param>
/// <param name="Name">The stack.</param>
internal sealed record ExportStackRequest(IReadOnlyList<SwarmNode> Nodes, string Name) : ThrottledRequest
{
    /// <summary>Services to write in place of those of the stack; none for the stack's.</summary>
    public IReadOnlyList<NameFilter> Services { get; init; } = [];

    /// <summary>The file; null writes the text to the pipeline.</summary>
    public string? Path { get; init; }

    /// <summary>Whether a file that exists is replaced.</summary>
    public bool Overwrites { get; init; }
}
