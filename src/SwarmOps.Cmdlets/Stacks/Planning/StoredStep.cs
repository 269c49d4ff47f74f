using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Model;

namespace SwarmOps.Stacks.Planning;

/// <summary>A secret or config of a stack, and the version that its services are to use.</summary>
/// <param name="Kind">Secret or config.</param>
/// <param name="File">Its definition.</param>
/// <param name="BaseName">Its name without a hash.</param>
/// <param name="Name">The name of the version in the engine.</param>
/// <param name="Present">The version, if the swarm has it.</param>
internal sealed record StoredStep(StoredKind Kind, StackFileObject File, string BaseName, string Name, StoredItem? Present)
{
    public bool IsNew => Present is null && File.Origin != StackFileOrigin.External;

    /// <summary>The number of a new version.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Whether an object of the stack is a version of this one.</summary>
    public bool IsVersion(StoredItem item) => item.Name == BaseName || item.ObjectName == BaseName || item.ObjectName == Name;
}
