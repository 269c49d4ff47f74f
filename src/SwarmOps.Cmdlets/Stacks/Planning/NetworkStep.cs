using Docker.DotNet.Models;
using SwarmOps.Stacks.Model;

namespace SwarmOps.Stacks.Planning;

/// <summary>A network that the services of a stack use.</summary>
/// <param name="Network">Its definition.</param>
/// <param name="Name">Its name in the swarm.</param>
/// <param name="Present">The network, if the swarm has it.</param>
internal sealed record NetworkStep(StackNetwork Network, string Name, NetworkResponse? Present)
{
    /// <summary>The networks that exist on every node, and that no manager lists as the swarm's.</summary>
    private static readonly string[] Predefined = ["host", "bridge", "none"];

    /// <summary>Whether a service is attached to it. For some seconds an engine lists a network that the swarm has no longer; one in use is the swarm's.</summary>
    public bool IsInUse { get; init; }

    public bool IsPredefined => Network.IsExternal && Predefined.Contains(Name);

    public bool IsNew => Present is null && !Network.IsExternal;

    public bool IsEncrypted => Network.DriverOptions.ContainsKey("encrypted");
}
