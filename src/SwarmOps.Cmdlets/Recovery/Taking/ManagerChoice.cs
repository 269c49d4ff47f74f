using System.Text.Json.Nodes;
using SwarmOps.Nodes;
using SwarmOps.Recovery.Hosts;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Recovery.Taking;

/// <summary>Chooses the manager whose state is copied: not the leader where there is another one, and the one with the fewest tasks.</summary>
/// <param name="session">The swarm.</param>
/// <param name="method">How its engine will be held.</param>
internal sealed class ManagerChoice(SwarmSession session, SwarmBackupMethod method)
{
    /// <summary>A swarm of so few managers has no quorum without one of them in any case.</summary>
    private const int TooFewToSpareOne = 2;

    /// <summary>Chooses it.</summary>
    /// <param name="on">Name of the only one that is wanted; null for any.</param>
    /// <exception cref="SwarmOpsException"><c>NoManagerToBackUp</c>, <c>NodeNotInSet</c>, those of <see cref="SwarmSession.AskManagerAsync"/>.</exception>
    public async Task<NodeObservation> ChooseAsync(string? on)
    {
        var reports = session
            .Reports.Where(report => on is null || string.Equals(report.Node.Name, on, StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (reports.Count == 0)
            throw SwarmErrors.NodeNotInSet(on!, [.. session.Reports.Select(report => report.Node)]);
        var reasons = new List<string>();
        var able = new List<NodeObservation>();
        foreach (var report in reports)
        {
            if (WhyNot(report) is not { } reason)
                able.Add(report.Observation!);
            else if (on is not null || report.Observation is null or { IsManager: true })
                reasons.Add($"'{report.Node.Name}' {reason}");
        }

        if (able.Count == 0)
            throw RecoveryErrors.NoManagerToBackUp(session.SwarmId, reasons);
        if (able.Count == 1)
            return able[0];
        var tasks = await CountTasksAsync().ConfigureAwait(false);
        return able.OrderBy(IsLeader).ThenBy(node => tasks.GetValueOrDefault(node.NodeId)).First();
    }

    /// <summary>Whether a node leads its swarm.</summary>
    public bool IsLeader(NodeObservation node) => session.View.Find(node.NodeId)?.ManagerStatus?.Leader is true;

    private string? WhyNot(NodeReport report)
    {
        if (report.Observation is not { } own)
            return "does not answer";
        if (!own.IsManager)
            return "is no manager";
        if (!EngineHost.CanRun(report.Node))
            return "is reached over TCP, where no commands can be run";
        if (session.View.Find(own.NodeId) is not { } member || !ManagerTally.IsReachable(member))
            return "is not reachable for the leader";
        var tally = ManagerTally.Of(session.View);
        return method == SwarmBackupMethod.Stop && tally.Total > TooFewToSpareOne && tally.ToleratedFailures == 0
            ? $"is needed for the quorum ({tally})"
            : null;
    }

    private async Task<Dictionary<string, int>> CountTasksAsync()
    {
        var path = "/tasks?filters=" + Uri.EscapeDataString(new JsonObject { ["desired-state"] = new JsonArray("running") }.ToJsonString());
        var tasks = await session.GetAsync(path).ConfigureAwait(false);
        return (tasks as JsonArray ?? [])
            .GroupBy(task => (string?)task?["NodeID"] ?? "", StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
    }
}
