using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Recovery.Archive;
using SwarmOps.Recovery.Restoring;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Outage;
using SwarmOps.Tests.Unit.Services;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>Nodes that are brought into a restored or repaired swarm must not be taken out of another one, and none is removed that is there.</summary>
[Collection(nameof(PipelineLog))]
public sealed class RestoredMembersTests
{
    private static readonly SwarmView View = new(null!, "s1", [Members.Manager("a1", leader: true)]);

    private static readonly BackupManifest Manifest = new()
    {
        SwarmId = "s1",
        Nodes = [new BackedUpNode("idw", "w", "w", false, "192.0.2.3", "active", new Dictionary<string, string>())],
    };

    [Fact]
    public void A_bare_node_may_join() => Assert.Null(Obstacle(Report(LocalNodeStates.Inactive, "")));

    [Fact]
    public void A_node_of_the_backup_leaves_its_old_membership_also_where_its_disk_cannot_be_read() =>
        Assert.Null(Obstacle(Report(LocalNodeStates.Active, "idw")));

    [Fact]
    public void A_node_that_joined_after_the_backup_is_known_by_its_certificate() =>
        Assert.Null(Obstacle(Report(LocalNodeStates.Active, "idx", Trace("s1"))));

    [Theory]
    [InlineData("other")]
    [InlineData(null)]
    public void A_worker_of_another_swarm_or_of_an_unknown_one_stays_in_it(string? swarm)
    {
        var obstacle = Obstacle(Report(LocalNodeStates.Active, "idx", swarm is null ? null : Trace(swarm)));

        Assert.Equal("NodeHoldsSwarmState", obstacle?.ErrorId);
        Assert.EndsWith("did not leave the swarm.", obstacle!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_join_that_was_interrupted_is_taken_up_again() =>
        Assert.Null(Obstacle(Report(LocalNodeStates.Pending, "", new SwarmTrace { IsHeld = true, IsJoinUnfinished = true })));

    [Fact]
    public void A_raft_log_is_given_up_only_where_it_can_be_copied()
    {
        Assert.Null(Obstacle(Report(LocalNodeStates.Locked, "idw", Trace("s1") with { HoldsRaft = true })));
        Assert.Equal("NodeHoldsSwarmState", Obstacle(Report(LocalNodeStates.Locked, "idw"))?.ErrorId);
    }

    /// <summary>A label that is said otherwise stays, so it is no difference.</summary>
    [Theory]
    [InlineData("active", "region=other", false)]
    [InlineData("active", "", true)]
    [InlineData("drain", "region=other", true)]
    public void What_a_node_lacks_of_the_one_that_it_stands_in_for_is_asked_about(string availability, string label, bool differs)
    {
        var member = Members.Worker("x");
        member.Spec!.Availability = availability;
        member.Spec.Labels = new Dictionary<string, string>();
        if (label.Length > 0)
            member.Spec.Labels[label.Split('=')[0]] = label.Split('=')[1];
        var old = Manifest.Nodes[0] with { Labels = new Dictionary<string, string> { ["region"] = "eu-central-1" } };

        Assert.Equal(differs, RestoredMembers.Differs(old, member));
    }

    [Theory]
    [InlineData("ready", true)]
    [InlineData("down", false)]
    public async Task A_node_that_is_Ready_is_not_taken_for_one_that_another_stands_in_for(string state, bool stays)
    {
        await using var swarm = new StubSwarm(path =>
            path.EndsWith("/nodes/old", StringComparison.Ordinal) ? $$"""{ "ID": "old", "Status": { "State": "{{state}}" } }""" : null
        );
        var entry = new NodeListResponse
        {
            ID = "old",
            Status = new NodeStatus { State = "ready" },
        };

        Assert.Equal(
            stays,
            await RestoredMembers.StaysReadyAsync(
                await swarm.OpenAsync(),
                entry,
                TimeSpan.FromMilliseconds(50),
                TestContext.Current.CancellationToken
            )
        );
    }

    private static SwarmOpsException? Obstacle(NodeReport report) => RestoredMembers.Obstacle(report, View, Manifest);

    private static SwarmTrace Trace(string swarm) =>
        new()
        {
            IsHeld = true,
            Path = "/var/lib/docker/swarm",
            SwarmId = swarm,
            IsJoinUnfinished = false,
        };

    private static NodeReport Report(string state, string id, SwarmTrace? trace = null)
    {
        var node = new SwarmNode { Name = "x" };
        var info = new SystemInfoResponse
        {
            Name = "x",
            Swarm = new Info { NodeID = id, LocalNodeState = state },
        };
        return new NodeReport(node, new NodeObservation(node, null!, info), null) { Trace = trace };
    }
}
