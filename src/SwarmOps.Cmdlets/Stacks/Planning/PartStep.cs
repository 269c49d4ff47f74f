using SwarmOps.Pipeline;
using SwarmOps.Stacks.Model;

namespace SwarmOps.Stacks.Planning;

/// <summary>A Galera cluster, a shared folder or name servers of a stack, and what its own operation would do.</summary>
/// <param name="Part">Its definition.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name in the swarm.</param>
/// <param name="IsNew">Whether the swarm does not have it.</param>
/// <param name="Details">What would be done, a line each; none if it is as the file says.</param>
/// <param name="Form">The operation.</param>
internal sealed record PartStep(
    StackPart Part,
    SwarmStackObjectKind Kind,
    string Name,
    bool IsNew,
    IReadOnlyList<string> Details,
    Func<IOperationContext, Task> Form
)
{
    public bool Changes => Details.Count > 0;

    /// <summary>Whether it needs the services: name servers check them.</summary>
    public bool IsLate => Part is StackZone;

    /// <summary>What it is, in words: <c>Galera cluster 'shop-db'</c>.</summary>
    public string Words => $"{StackChange.Noun(Kind)} '{Name}'";
}
