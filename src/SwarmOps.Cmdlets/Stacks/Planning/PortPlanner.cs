using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Services.Running;
using SwarmOps.Stacks.Model;

namespace SwarmOps.Stacks.Planning;

/// <summary>Finds published ports that services outside of the stack have (swarmkit, manager/controlapi/service.go, checkPortConflicts).</summary>
/// <param name="members">The members of the swarm.</param>
/// <param name="others">The services that keep what they have.</param>
/// <param name="findings">Where conflicts go.</param>
internal sealed class PortPlanner(IReadOnlyList<NodeListResponse> members, IEnumerable<ServiceState> others, StackFindings findings)
{
    private readonly ILookup<(int Port, string Protocol), (ServiceState Service, bool OnHost)> taken = others
        .SelectMany(service => Published(service).Select(port => (port.Key, Use: (service, port.OnHost))))
        .ToLookup(pair => pair.Key, pair => pair.Use);

    /// <summary>Checks the ports of a service.</summary>
    public void Check(StackService service, string name)
    {
        foreach (var port in service.Ports.Where(port => port.Published > 0))
        {
            foreach (var (other, onHost) in taken[(port.Published, port.Protocol)])
            {
                if (port.OnHost && onHost && !ShareNode(service, other))
                    continue;
                findings.Add(
                    $"'{name}' publishes {port.Published}/{port.Protocol}, which the service '{other.Name}' has{(onHost ? " on its hosts" : "")}",
                    $"Publish another port, or remove '{other.Name}' first."
                );
            }
        }
    }

    /// <summary>Whether both run on every node that meets their constraints, and there is such a node for both.</summary>
    private bool ShareNode(StackService service, ServiceState other) =>
        service.Mode == SwarmServiceMode.Global
        && other.Mode == SwarmServiceMode.Global
        && members.Any(member => PlacementMatch.Meets(member, service.Constraints) && PlacementMatch.Meets(member, other.Constraints));

    /// <summary>The published ports of a service, also those that the swarm chose.</summary>
    internal static IEnumerable<((int Port, string Protocol) Key, bool OnHost)> Published(ServiceState service) =>
        (service.Spec["EndpointSpec"]?["Ports"] as JsonArray ?? [])
            .OfType<JsonNode>()
            .Where(port => (int?)port["PublishedPort"] is > 0)
            .Select(port =>
                (
                    ((int)port["PublishedPort"]!, ((string?)port["Protocol"])?.ToLowerInvariant() ?? "tcp"),
                    (string?)port["PublishMode"] == "host"
                )
            );
}
