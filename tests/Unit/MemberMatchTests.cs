using SwarmOps.Swarm.Access;

namespace SwarmOps.Tests.Unit;

/// <summary>A node that cannot speak for itself is never taken for another.</summary>
public sealed class MemberMatchTests
{
    [Fact]
    public void The_id_wins()
    {
        var members = new[] { Members.Worker("a1"), Members.Worker("b2") };

        Assert.Equal(
            "b2",
            MemberMatch
                .Find(
                    new SwarmNode
                    {
                        Name = "host-a1",
                        NodeId = "b2",
                        SwarmId = "s",
                    },
                    "s",
                    members
                )!
                .ID
        );
    }

    [Fact]
    public void An_id_of_another_swarm_counts_for_nothing() =>
        Assert.Null(
            MemberMatch.Find(
                new SwarmNode
                {
                    Name = "x",
                    NodeId = "a1",
                    SwarmId = "other",
                },
                "s",
                [Members.Worker("a1")]
            )
        );

    [Fact]
    public void A_manager_is_known_by_the_address_that_it_advertises() =>
        Assert.Equal(
            "b2",
            MemberMatch
                .Find(new SwarmNode { Name = "x", AdvertiseAddress = "203.0.113.2" }, "s", [Members.Manager("a1"), Members.Manager("b2")])!
                .ID
        );

    [Fact]
    public void A_worker_is_known_by_its_address_or_else_its_host_name()
    {
        var members = new[] { Members.Worker("a1", address: "203.0.113.9"), Members.Worker("b2") };

        Assert.Equal("a1", MemberMatch.Find(new SwarmNode { Name = "x", AdvertiseAddress = "203.0.113.9" }, "s", members)!.ID);
        Assert.Equal("b2", MemberMatch.Find(new SwarmNode { Name = "HOST-B2" }, "s", members)!.ID);
    }

    [Fact]
    public void Two_that_fit_are_none()
    {
        var twin = Members.Worker("c3");
        twin.Description!.Hostname = "host-a1";

        Assert.Null(MemberMatch.Find(new SwarmNode { Name = "host-a1" }, "s", [Members.Worker("a1"), twin]));
    }
}
