using Docker.DotNet.Models;
using SwarmOps.Aws.Session;
using SwarmOps.Nodes;
using SwarmOps.Recovery.Archive;
using SwarmOps.Recovery.Restoring;
using SwarmOps.Recovery.Store;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Outage;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>Whether a restore may begin: it must neither lose a newer state nor make a second swarm.</summary>
public sealed class RestoreGuardTests
{
    private readonly FakeContext context = new();

    [Fact]
    public async Task Bare_nodes_that_stand_in_for_all_managers_may_be_restored_without_a_question()
    {
        Assert.True(await PassAsync([Bare("a", "192.0.2.1"), Bare("b", "192.0.2.9")]));
        Assert.Empty(context.Asked);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_may_run_the_swarm()
    {
        var silent = new NodeReport(
            Node("b", "192.0.2.2"),
            null,
            new SwarmOpsException("NodeUnreachable", ErrorKind.Connection, "no answer", "fix it")
        );

        Assert.Equal("RestoreNodeSilent", await RefusalAsync([Bare("a", "192.0.2.1"), silent]));
        Assert.Equal("NodeUnreachable", Assert.Single(context.Errors).ErrorId);
    }

    [Theory]
    [InlineData(LocalNodeStates.Pending)]
    [InlineData(LocalNodeStates.Active)]
    [InlineData(LocalNodeStates.Error)]
    public async Task A_raft_log_on_a_disk_is_newer_than_the_backup(string state)
    {
        IReadOnlyList<NodeReport> reports = [Bare("a", "192.0.2.1"), Holder("b", state, raft: true)];

        Assert.Equal("RestoreStateOnDisk", await RefusalAsync(reports));
        Assert.True(await PassAsync(reports, force: true));
    }

    [Fact]
    public async Task A_locked_engine_is_a_manager() =>
        Assert.Equal("RestoreStateOnDisk", await RefusalAsync([Bare("a", "192.0.2.1"), Holder("b", LocalNodeStates.Locked, raft: false)]));

    [Fact]
    public async Task A_worker_of_the_swarm_is_no_hindrance() =>
        Assert.True(
            await PassAsync([Bare("a", "192.0.2.1"), Bare("b", "192.0.2.2"), Holder("w", LocalNodeStates.Active, raft: false, "idw")])
        );

    [Fact]
    public async Task A_node_of_another_swarm_is_left_alone_even_by_force()
    {
        var stranger = Holder("b", LocalNodeStates.Active, raft: true, "idx", "other");

        Assert.Equal("RestoreNodeInAnotherSwarm", await RefusalAsync([Bare("a", "192.0.2.1"), stranger]));
        Assert.Equal("RestoreNodeInAnotherSwarm", await RefusalAsync([Bare("a", "192.0.2.1"), stranger], force: true));
    }

    [Fact]
    public async Task Managers_that_are_not_in_the_set_are_asked_about_by_name()
    {
        context.Consent = false;
        Assert.False(await PassAsync([Bare("a", "192.0.2.1")]));
        Assert.Contains("'b' (192.0.2.2)", Assert.Single(context.Asked), StringComparison.Ordinal);

        Assert.True(await PassAsync([Bare("a", "192.0.2.1")], force: true));
        Assert.Single(context.Asked);
    }

    /// <summary>Once the restored manager leads, their engines delete what they have: so it is copied before.</summary>
    [Fact]
    public void The_newer_raft_logs_of_other_nodes_are_kept()
    {
        var target = Holder("a", LocalNodeStates.Pending, raft: true, "ida");
        var copy = Bare("c", "192.0.2.3") with
        {
            Trace = new SwarmTrace { IsHeld = true, HoldsRaft = true },
        };

        Assert.Equal(
            ["b"],
            RestoreOperation
                .Holders(
                    [
                        target,
                        Holder("b", LocalNodeStates.Pending, raft: true),
                        Holder("w", LocalNodeStates.Active, raft: false, "idw"),
                        copy,
                    ],
                    target.Observation!
                )
                .Select(report => report.Node.Name)
        );
    }

    private Task<bool> PassAsync(IReadOnlyList<NodeReport> reports, bool force = false) =>
        new RestoreGuard(
            context,
            new RestoreRequest([], new BackupPlace("x", new AwsSettings(), null), "", new RestoreProgress()) { Force = force },
            Manifest()
        ).PassAsync(reports);

    private async Task<string> RefusalAsync(IReadOnlyList<NodeReport> reports, bool force = false) =>
        (await Assert.ThrowsAsync<SwarmOpsException>(() => PassAsync(reports, force))).ErrorId;

    private static BackupManifest Manifest() =>
        new()
        {
            SwarmId = "s1",
            Nodes =
            [
                Old("ida", "a", manager: true, "192.0.2.1"),
                Old("idb", "b", manager: true, "192.0.2.2"),
                Old("idw", "w", manager: false, "192.0.2.3"),
            ],
        };

    private static BackedUpNode Old(string id, string name, bool manager, string address) =>
        new(id, name, name, manager, address, "active", new Dictionary<string, string>());

    private static SwarmNode Node(string name, string address) => new() { Name = name, AdvertiseAddress = address };

    private static NodeReport Bare(string name, string address) => Report(Node(name, address), LocalNodeStates.Inactive, "");

    private static NodeReport Holder(string name, string state, bool raft, string id = "idb", string swarm = "s1") =>
        Report(Node(name, "192.0.2.2"), state, id) with
        {
            Trace = new SwarmTrace
            {
                IsHeld = true,
                Path = "/var/lib/docker/swarm",
                NodeId = id,
                SwarmId = swarm,
                HoldsRaft = raft,
            },
        };

    private static NodeReport Report(SwarmNode node, string state, string id) =>
        new(
            node,
            new NodeObservation(
                node,
                null!,
                new SystemInfoResponse
                {
                    Name = node.Name,
                    Swarm = new Info { NodeID = id, LocalNodeState = state },
                }
            ),
            null
        );
}
