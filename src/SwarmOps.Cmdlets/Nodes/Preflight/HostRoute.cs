using System.Text.RegularExpressions;

namespace SwarmOps.Nodes.Preflight;

/// <summary>A route of a host.</summary>
/// <param name="Interface">The outgoing interface.</param>
/// <param name="Subnet">The destination.</param>
internal sealed partial record HostRoute(string Interface, Ipv4Subnet Subnet)
{
    /// <summary>Whether it is one of the engine's own bridges.</summary>
    public bool IsEngines => EngineInterface().IsMatch(Interface);

    [GeneratedRegex("^(?:docker[0-9]+|docker_gwbridge|br-[0-9a-f]{12}|veth.*)$")]
    private static partial Regex EngineInterface();
}
