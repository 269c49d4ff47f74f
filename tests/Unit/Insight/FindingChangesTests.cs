using SwarmOps.Insight.Findings;

namespace SwarmOps.Tests.Unit.Insight;

/// <summary>What <c>Get-SwarmFinding -Wait</c> writes from pass to pass.</summary>
public sealed class FindingChangesTests
{
    private static readonly DateTime First = MadeReport.Now,
        Second = MadeReport.Now.AddMinutes(1);

    private readonly FindingChanges changes = new();

    [Fact]
    public void The_first_pass_is_written_whole_then_only_what_is_new_and_what_is_gone()
    {
        Assert.Equal(["a", "b"], Subjects(changes.Next([Node("a"), Node("b")], First)));

        var second = changes.Next([Node("b"), Node("c")], Second);

        Assert.Equal(["c", "a"], Subjects(second));
        Assert.Equal([false, true], second.Select(finding => finding.IsResolved));
        Assert.Equal([Second, First], second.Select(finding => finding.Since!.Value));
        Assert.Empty(changes.Next([Node("b"), Node("c")], Second));
    }

    [Fact]
    public void A_finding_that_matters_more_is_written_again_and_keeps_its_beginning()
    {
        changes.Next([Node("a") with { Severity = SwarmFindingSeverity.Warning }], First);

        var worse = Assert.Single(changes.Next([Node("a")], Second));

        Assert.Equal((SwarmFindingSeverity.Critical, First), (worse.Severity, worse.Since));
    }

    [Fact]
    public void What_cannot_be_seen_is_not_resolved()
    {
        var service = new SwarmFinding
        {
            Severity = SwarmFindingSeverity.Warning,
            Area = SwarmFindingArea.Service,
            Subject = "web",
            Check = "TasksMissing",
        };
        changes.Next([Node("a"), service], First);

        var silent = Node("a") with { Check = "NodeSilent", Severity = SwarmFindingSeverity.Unknown };
        Assert.Equal(["NodeSilent"], changes.Next([silent, service], Second).Select(finding => finding.Check));
        var unread = service with { Subject = "services", Check = "SwarmHasNoLeader", Severity = SwarmFindingSeverity.Unknown };
        Assert.DoesNotContain(changes.Next([Node("a"), unread], Second), finding => finding is { Subject: "web", IsResolved: true });

        Assert.Contains(changes.Next([], Second), finding => finding is { Subject: "web", IsResolved: true });
    }

    [Fact]
    public void An_outage_resolves_nothing()
    {
        var unread = Node("galera") with { Area = SwarmFindingArea.Galera, Severity = SwarmFindingSeverity.Unknown };
        var silent = Node("b") with { Check = "NodeSilent", Severity = SwarmFindingSeverity.Unknown };
        changes.Next([Node("a"), unread, silent], First);

        var outage = ReportJudge.NoSwarm(new SwarmOpsException("SwarmHasNoQuorum", ErrorKind.InvalidState, "No quorum.", "Wait."));
        // Except for a host that answers now.
        Assert.Equal(
            [(ReportJudge.SwarmNotAvailable, false), ("NodeSilent", true)],
            changes.Next([outage], Second).Select(finding => (finding.Check, finding.IsResolved))
        );

        Assert.Equal(["a", "galera", "swarm"], Subjects(changes.Next([], Second)).Order());
    }

    private static SwarmFinding Node(string name) =>
        new()
        {
            Severity = SwarmFindingSeverity.Critical,
            Area = SwarmFindingArea.Node,
            Subject = name,
            Check = "NodeDown",
            Message = $"'{name}' is Down.",
        };

    private static IEnumerable<string> Subjects(IEnumerable<SwarmFinding> findings) => findings.Select(finding => finding.Subject);
}
