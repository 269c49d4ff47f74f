using System.Text;
using Docker.DotNet.Models;
using SwarmOps.Maintenance;
using SwarmOps.Maintenance.Fleet;
using SwarmOps.Maintenance.Suspension;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Tests.Unit.Maintenance;

/// <summary>Order, journal and facts of a maintenance.</summary>
public sealed class FleetTests
{
    [Fact]
    public void Workers_come_first_and_the_leader_last()
    {
        var order = FleetOrder.Of(
            [Target(Members.Manager("m1", leader: true)), Target(Members.Manager("m2")), Target(Members.Worker("w"))],
            _ => JournalEntry.None
        );
        Assert.Equal(["w", "m2", "m1"], order.Select(target => target.Name));
    }

    [Fact]
    public void What_is_out_of_service_is_completed_before_anything_else()
    {
        var suspended = Members.Manager("m2");
        new SuspendMark(SwarmNodeAvailability.Active, [], DateTime.UtcNow).ApplyTo(suspended.Spec!);
        var order = FleetOrder.Of(
            [Target(Members.Worker("a")), Target(Members.Worker("b")), Target(suspended)],
            id => id == "b" ? new JournalEntry(SwarmMaintenanceState.Failed, DateTime.UtcNow, "x", "") : JournalEntry.None
        );
        Assert.Equal(["m2", "b", "a"], order.Select(target => target.Name));
    }

    [Theory]
    [InlineData("3 updates installed, rebooted")]
    [InlineData("it said: a|b\nand more")]
    public void An_entry_is_read_as_it_was_written(string detail)
    {
        var entry = new JournalEntry(SwarmMaintenanceState.Done, new DateTime(2026, 11, 30, 1, 2, 3, DateTimeKind.Utc), "boot", detail);
        Assert.Equal(entry with { Detail = detail.Replace('\n', ' ') }, JournalEntry.Parse(entry.ToText()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Done")]
    [InlineData("Ended|2026-01-01T00:00:00Z||")]
    public void What_is_no_entry_is_pending(string? text) => Assert.Equal(SwarmMaintenanceState.Pending, JournalEntry.Parse(text).State);

    [Fact]
    public void A_definition_is_the_same_if_it_does_the_same()
    {
        var one = new MaintenanceDefinition(SwarmMaintenanceAction.Script, "true", DateTime.UtcNow);
        var read = MaintenanceDefinition.FromJson(Encoding.UTF8.GetBytes(one.ToJson()))!;
        Assert.True(read.IsLike(one with { StartedAt = default }));
        Assert.False(read.IsLike(one with { Script = "false" }));
        Assert.Null(MaintenanceDefinition.FromJson("no"u8));
    }

    [Fact]
    public void A_host_is_what_its_report_says()
    {
        Assert.Equal(
            new HostState("id", true, 12, "kernel 6.2 is installed and 6.1 runs"),
            HostState.Parse("boot id\napt yes\nupdates 12\nreboot kernel 6.2 is installed and 6.1 runs\n")
        );
        Assert.Equal(new HostState("id", false, null, null), HostState.Parse("boot id\n"));
    }

    private static MaintenanceTarget Target(NodeListResponse member) =>
        new(new NodeReport(new SwarmNode { Name = member.ID }, null, null), member);
}
