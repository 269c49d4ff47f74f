using System.Net;
using System.Net.Sockets;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Edge;

/// <summary>What is known of a member of the swarm.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Region">Its region; null when it has none.</param>
/// <param name="Address">Its public IPv4 address; null when it is unknown.</param>
/// <param name="IsUsable">Whether it is Ready and Active.</param>
internal sealed record EdgeMember(string Id, string Name, string? Region, string? Address, bool IsUsable)
{
    /// <summary>All members of a swarm. The address of one that did not answer is what was known before, or what the swarm knows.</summary>
    /// <param name="swarm">The swarm.</param>
    /// <param name="known">The address that was known before, by id and name of the member; null for none.</param>
    public static IReadOnlyList<EdgeMember> Of(SwarmSession swarm, Func<string, string, string?> known) =>
        [
            .. swarm.View.Members.Select(member =>
            {
                var place = swarm.Members[member.ID];
                var observed = swarm.Observation(member.ID);
                var told = swarm.Reports.FirstOrDefault(report => swarm.MemberOf(report)?.ID == member.ID)?.Node;
                var addresses = new[]
                {
                    observed?.Node.PublicAddress ?? told?.PublicAddress,
                    observed?.NodeAddress,
                    told?.AdvertiseAddress,
                    known(member.ID, place.Name),
                    member.ManagerStatus?.Addr is { } manager ? NodeAddress.WithoutPort(manager) : null,
                    member.Status?.Addr,
                };
                return new EdgeMember(
                    member.ID,
                    place.Name,
                    place.Region,
                    addresses.FirstOrDefault(IsAddress),
                    member is { Status.State: "ready", Spec.Availability: "active" }
                );
            }),
        ];

    private static bool IsAddress(string? text) =>
        NodeAddress.TryParse(text ?? "") is { AddressFamily: AddressFamily.InterNetwork } address
        && NodeAddress.Classify(address) == AddressKind.Usable
        && !address.Equals(IPAddress.Any);
}
