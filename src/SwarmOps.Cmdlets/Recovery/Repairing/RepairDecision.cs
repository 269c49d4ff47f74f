using SwarmOps.Recovery.Hosts;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Outage;

namespace SwarmOps.Recovery.Repairing;

/// <summary>From which manager a swarm without a quorum goes on, and what may be lost.</summary>
/// <param name="From">The manager.</param>
/// <param name="Position">The end of its raft log; null when unknown.</param>
/// <param name="Losses">What may be lost, as full sentences.</param>
internal sealed record RepairDecision(NodeReport From, RaftPosition? Position, IReadOnlyList<string> Losses)
{
    /// <summary>Decides it.</summary>
    /// <param name="reports">The nodes, with their disks read.</param>
    /// <param name="positions">The ends of the raft logs that were read, by the nodes' names.</param>
    /// <param name="on">Name of the manager that is wanted; null for the one that has most.</param>
    /// <param name="force">Whether losses are accepted.</param>
    /// <exception cref="SwarmOpsException">
    /// <c>RepairNoManagerLeft</c>, <c>RepairMajorityMayComeBack</c>, <c>RepairPositionUnknown</c>, <c>RepairOtherHasMore</c>, <c>NodeNotInSet</c>.
    /// </exception>
    public static RepairDecision Make(
        IReadOnlyList<NodeReport> reports,
        IReadOnlyDictionary<string, RaftPosition?> positions,
        string? on,
        bool force
    )
    {
        var holders = reports
            .Where(report => report is { Trace.HoldsRaft: true, Observation: not null } && EngineHost.CanRun(report.Node))
            .ToList();
        if (holders.Count == 0)
            throw RecoveryErrors.RepairNoManagerLeft([.. reports.Select(report => report.Node)]);
        var losses = Majority(reports, force);
        var unknown = holders.Where(holder => positions.GetValueOrDefault(holder.Node.Name) is null).ToList();
        if (unknown.Count > 0 && holders.Count > 1 && !force)
            throw RecoveryErrors.RepairPositionUnknown([.. unknown.Select(holder => holder.Node)]);
        var most = holders.OrderByDescending(holder => positions.GetValueOrDefault(holder.Node.Name)).First();
        var chosen = on is null
            ? most
            : holders.Find(holder => string.Equals(holder.Node.Name, on, StringComparison.OrdinalIgnoreCase))
                ?? throw SwarmErrors.NodeNotInSet(on, [.. holders.Select(holder => holder.Node)]);
        var (own, theirs) = (positions.GetValueOrDefault(chosen.Node.Name), positions.GetValueOrDefault(most.Node.Name));
        if (theirs is not null && theirs.CompareTo(own) > 0)
        {
            var text = $"{theirs} against {own?.ToString() ?? "an unknown index"}";
            if (!force)
                throw RecoveryErrors.RepairOtherHasMore(chosen.Node, most.Node, text);
            losses.Add($"'{most.Node.Name}' has more of the raft log than '{chosen.Node.Name}' ({text}): what only it has is lost.");
        }

        return new RepairDecision(chosen, own, losses);
    }

    /// <summary>What may be lost because managers were not seen; an error when they could be a majority.</summary>
    private static List<string> Majority(IReadOnlyList<NodeReport> reports, bool force)
    {
        var lost = LostQuorum.Of(reports);
        var left = lost.Managers.Where(manager => !IsGone(manager)).ToList();
        if (left.Count < lost.Needed || lost.Managers.Count == 0)
            return [];
        if (!force)
            throw RecoveryErrors.RepairMajorityMayComeBack(
                lost.SwarmId ?? "of these nodes",
                lost.Managers.Count,
                lost.Needed,
                [
                    .. left.Select(manager =>
                        $"{manager}{(manager.Report?.Trace?.HoldsRaft is true ? ", whose disk has the raft log" : ", which was not seen")}"
                    ),
                ]
            );
        return
        [
            .. left.Where(manager => manager.Report?.Trace?.HoldsRaft is not true)
                .Select(manager =>
                    $"{manager} was not seen: changes that only it has are lost, and if it comes back with others there are two swarms."
                ),
        ];
    }

    /// <summary>Whether a manager's host was seen without the raft log: it cannot come back as what it was.</summary>
    private static bool IsGone(KnownManager manager) => manager.Report is { Observation: not null, Trace: { HoldsRaft: false } };
}
