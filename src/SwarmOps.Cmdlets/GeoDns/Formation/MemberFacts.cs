using System.Net;
using System.Net.Sockets;
using SwarmOps.GeoDns.Definition;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.GeoDns.Formation;

/// <summary>What is known of a member of the swarm.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Region">Its region; null when it has none.</param>
/// <param name="Address">Its public IPv4 address; null when it is unknown.</param>
/// <param name="IsUsable">Whether it is Ready and Active.</param>
internal sealed record MemberFacts(string Id, string Name, string? Region, string? Address, bool IsUsable)
{
    /// <summary>All members of a swarm. The address of one that did not answer is what the swarm or the present definition knows.</summary>
    public static IReadOnlyList<MemberFacts> Of(SwarmSession swarm, GeoDnsDefinition? present) =>
        [
            .. swarm.View.Members.Select(member =>
            {
                var place = swarm.Members[member.ID];
                var observed = swarm.Observation(member.ID);
                var told = swarm.Reports.FirstOrDefault(report => swarm.MemberOf(report)?.ID == member.ID)?.Node;
                var known = new[]
                {
                    observed?.Node.PublicAddress ?? told?.PublicAddress,
                    observed?.NodeAddress,
                    told?.AdvertiseAddress,
                    present?.EdgeNodes.FirstOrDefault(node => node.Name == place.Name)?.Address,
                    present?.Servers.FirstOrDefault(server => server.NodeId == member.ID)?.Address,
                    member.ManagerStatus?.Addr is { } manager ? NodeAddress.WithoutPort(manager) : null,
                    member.Status?.Addr,
                };
                return new MemberFacts(
                    member.ID,
                    place.Name,
                    place.Region,
                    known.FirstOrDefault(IsAddress),
                    member is { Status.State: "ready", Spec.Availability: "active" }
                );
            }),
        ];

    private static bool IsAddress(string? text) =>
        NodeAddress.TryParse(text ?? "") is { AddressFamily: AddressFamily.InterNetwork } address
        && NodeAddress.Classify(address) == AddressKind.Usable
        && !address.Equals(IPAddress.Any);
}
