using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Formation;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>A manager that made a new cluster of its state at another address is listed at its old one (moby/moby issue 34306).</summary>
public sealed class StaleManagerTests
{
    [Theory]
    [InlineData("198.51.100.7", "203.0.113.1")]
    [InlineData("203.0.113.1", null)]
    [InlineData("", null)]
    public void The_address_of_the_only_manager_is_stale_when_its_engine_advertises_another_one(string own, string? stale)
    {
        var view = new SwarmView(null!, "s1", [Members.Manager("a1", leader: true), Members.Worker("w")]);

        Assert.Equal(stale, StaleManager.AddressOf(view, Observation("a1", own)));
        Assert.Equal(
            stale is null ? ["203.0.113.1:2377"] : [$"{own}:2377", "203.0.113.1:2377"],
            JoinOperation.RemoteAddresses(view, [Observation("w", "198.51.100.9"), Observation("a1", own)])
        );
    }

    [Fact]
    public void Of_several_managers_all_listed_addresses_are_tried()
    {
        var view = new SwarmView(null!, "s1", [Members.Manager("a1", leader: true), Members.Manager("a2")]);

        Assert.Null(StaleManager.AddressOf(view, Observation("a1", "198.51.100.7")));
        Assert.Equal(["203.0.113.1:2377", "203.0.113.2:2377"], JoinOperation.RemoteAddresses(view, [Observation("a1", "198.51.100.7")]));
    }

    [Fact]
    public void An_IPv6_address_gets_its_port_in_brackets() =>
        Assert.Equal(
            "[2001:db8::7]:2377",
            JoinOperation.RemoteAddresses(
                new SwarmView(null!, "s1", [Members.Manager("a1", leader: true)]),
                [Observation("a1", "2001:db8::7")]
            )[0]
        );

    private static NodeObservation Observation(string id, string address)
    {
        var info = new SystemInfoResponse
        {
            Swarm = new Info
            {
                NodeID = id,
                NodeAddr = address,
                LocalNodeState = "active",
            },
        };
        return new NodeObservation(new SwarmNode { Name = id }, null!, info);
    }
}
