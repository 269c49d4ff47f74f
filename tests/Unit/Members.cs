using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;
using NodeDescription = Docker.DotNet.Models.NodeDescription;

namespace SwarmOps.Tests.Unit;

/// <summary>Members of a swarm as an engine would list them.</summary>
internal static class Members
{
    public static NodeListResponse Worker(string id, string state = "ready", string? address = null) =>
        new()
        {
            ID = id,
            Spec = new NodeUpdateParameters
            {
                Role = "worker",
                Availability = "active",
                Labels = new Dictionary<string, string> { ["region"] = id[..1] },
            },
            Status = new NodeStatus { State = state, Addr = address ?? "0.0.0.0" },
            Description = new NodeDescription { Hostname = $"host-{id}" },
        };

    public static NodeListResponse Manager(string id, bool reachable = true, bool leader = false)
    {
        var member = Worker(id, reachable ? "ready" : "down");
        member.Spec!.Role = "manager";
        member.ManagerStatus = new ManagerStatus
        {
            Leader = leader,
            Reachability = reachable ? "reachable" : "unreachable",
            Addr = $"203.0.113.{id[1]}:2377",
        };
        return member;
    }

    public static SetMember Of(NodeListResponse member) => new(new NodeReport(new SwarmNode { Name = member.ID }, null, null), member);
}
