using Docker.DotNet.Models;
using SwarmOps.Maintenance;
using SwarmOps.Maintenance.Fleet;
using SwarmOps.Maintenance.Suspension;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Tests.Unit.Maintenance;

/// <summary>Which nodes are maintained at the same time, and who leaves when.</summary>
public sealed class ParallelTests
{
    private static readonly SwarmOpsException Refusal = SuspendErrors.SuspendWouldBeNoticed(new SwarmNode { Name = "b" }, ["it is missed"]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void One_worker_of_each_region_has_company_and_managers_have_none()
    {
        var suspended = Members.Worker("e0");
        new SuspendMark(SwarmNodeAvailability.Active, [], DateTime.UtcNow).ApplyTo(suspended.Spec!);
        var targets = FleetOrder.Of(
            [
                .. new[]
                {
                    Members.Manager("m1", leader: true),
                    Members.Worker("e1"),
                    Members.Worker("u1"),
                    Members.Manager("m2"),
                    Members.Worker("e2"),
                    suspended,
                }.Select(Target),
            ],
            _ => JournalEntry.None
        );
        var steps = FleetRun.Steps(targets, isParallel: true, _ => JournalEntry.None).Select(Names).ToList();
        Assert.Equal(["e0", "e1 e2 | u1", "m2 m1"], steps);
        Assert.Equal(["e0 e1 e2 u1 m2 m1"], FleetRun.Steps(targets, isParallel: false, _ => JournalEntry.None).Select(Names));
    }

    [Fact]
    public async Task A_node_that_cannot_be_missed_waits_until_the_other_is_back()
    {
        using var turns = new MaintenanceTurns(Token);
        var isAway = false;
        Assert.True(await turns.LeaveAsync(() => Task.FromResult(isAway = true)));
        var second = turns.LeaveAsync(() => isAway ? throw Refusal : Task.CompletedTask);
        await Task.Delay(50, Token);
        Assert.False(second.IsCompleted);

        await turns.ReturnAsync(() => Task.FromResult(isAway = false));
        Assert.True(await second.WaitAsync(TimeSpan.FromSeconds(5), Token));
    }

    [Fact]
    public async Task With_nobody_away_a_refusal_is_one()
    {
        using var turns = new MaintenanceTurns(Token);
        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => turns.LeaveAsync(() => throw Refusal));
        Assert.Same(Refusal, error);
    }

    [Fact]
    public async Task After_trouble_who_waits_does_not_leave()
    {
        using var turns = new MaintenanceTurns(Token);
        await turns.LeaveAsync(() => Task.CompletedTask);
        var second = turns.LeaveAsync(() => throw Refusal);
        await Task.Delay(50, Token);
        turns.End();
        Assert.False(await second.WaitAsync(TimeSpan.FromSeconds(5), Token));
        Assert.False(await turns.LeaveAsync(() => Task.CompletedTask));
    }

    [Fact]
    public void A_manager_that_was_demoted_for_its_maintenance_is_known_until_it_is_back()
    {
        var member = Members.Worker("m1");
        new SuspendMark(SwarmNodeAvailability.Active, [], DateTime.UtcNow).ApplyTo(member.Spec!);
        Assert.False(SuspendMark.Of(member)!.WasManager);
        Assert.True(SuspendMark.NoteManager(member.Spec!));
        Assert.False(SuspendMark.NoteManager(member.Spec!));
        Assert.True(SuspendMark.Of(member)!.WasManager);
        Assert.True(SuspendMark.RemoveFrom(member.Spec!));
        Assert.DoesNotContain(member.Spec!.Labels.Keys, label => label.StartsWith("swarmops.", StringComparison.Ordinal));
    }

    private static string Names(IReadOnlyList<IReadOnlyList<MaintenanceTarget>> lanes) =>
        string.Join(" | ", lanes.Select(lane => string.Join(' ', lane.Select(target => target.Name))));

    private static MaintenanceTarget Target(NodeListResponse member) =>
        new(new NodeReport(new SwarmNode { Name = member.ID, Region = member.ID[..1] }, null, null), member);
}
