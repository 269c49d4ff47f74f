using System.Globalization;

namespace SwarmOps.Galera.Repair;

/// <summary>The node from which a cluster without a Primary Component is bootstrapped.</summary>
/// <param name="Chosen">The node.</param>
/// <param name="Reason">Why this node.</param>
/// <param name="Aside">Nodes with other state UUIDs, whose data is moved aside.</param>
/// <param name="Losses">What may be lost; empty unless forced.</param>
/// <param name="Positions">The positions that the decision is based on.</param>
internal sealed record RepairDecision(
    NodePosition Chosen,
    string Reason,
    IReadOnlyList<NodePosition> Aside,
    IReadOnlyList<string> Losses,
    IReadOnlyList<NodePosition> Positions
)
{
    /// <summary>Decides. The highest seqno of one state UUID wins; without Force, an unknown position is an error.</summary>
    /// <param name="cluster">Name of the cluster, for errors.</param>
    /// <param name="positions">The positions of all nodes.</param>
    /// <param name="choice">What the user chose.</param>
    /// <exception cref="SwarmOpsException"><c>GaleraPositionUnknown</c>, <c>GaleraNothingToKeep</c>, <c>GaleraHistoriesDiffer</c>, <c>GaleraHistoryUnknown</c>, <c>GaleraNodeBehind</c>.</exception>
    public static RepairDecision Make(string cluster, IReadOnlyList<NodePosition> positions, RepairChoice choice)
    {
        var unknown = positions.Where(position => position.Unknown is not null).ToList();
        if (unknown.Count > 0 && !choice.Force)
            throw RepairErrors.GaleraPositionUnknown(cluster, unknown, positions);
        var holders = positions.Where(position => position.Holds).ToList();
        if (holders.Count == 0)
            throw RepairErrors.GaleraNothingToKeep(cluster, positions);
        var uuid = History(cluster, holders, choice);
        var candidates = holders
            .Where(position => position.Uuid == uuid)
            .OrderByDescending(position => position.Seqno)
            .ThenByDescending(position => position.SafeToBootstrap)
            .ThenBy(position => position.Segment)
            .ToList();
        var furthest = candidates[0];
        var chosen = choice.From is null
            ? furthest
            : candidates.Find(position => position.Node == choice.From) ?? throw RepairErrors.GaleraHistoryUnknown(choice.From, positions);
        if (chosen.Seqno < furthest.Seqno && !choice.Force)
            throw RepairErrors.GaleraNodeBehind(chosen, furthest);

        var losses = unknown
            .Select(position =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"transactions that only {position.Node} committed after {chosen.Seqno} ({position.Unknown})"
                )
            )
            .ToList();
        losses.AddRange(
            candidates
                .Where(position => position.Seqno > chosen.Seqno)
                .Select(position =>
                    string.Create(CultureInfo.InvariantCulture, $"transactions {chosen.Seqno + 1} to {position.Seqno} of {position.Node}")
                )
        );
        return new RepairDecision(
            chosen,
            Why(chosen, candidates, choice),
            [.. holders.Where(position => position.Uuid != uuid)],
            losses,
            positions
        );
    }

    /// <summary>Whether the cluster gets a new state UUID: with the old one, a node that was left behind could later join as if it had only stopped earlier.</summary>
    public bool IsNewHistory => Losses.Count > 0;

    /// <summary>The decision and the positions that it is based on.</summary>
    public override string ToString() =>
        $"Bootstrap from {Chosen} ({Reason}); positions: {string.Join("; ", Positions)}{(Losses.Count > 0 ? $"; may be lost: {string.Join("; ", Losses)}; with a new state UUID, so all other nodes need a full state transfer" : "")}";

    private static string History(string cluster, IReadOnlyList<NodePosition> holders, RepairChoice choice)
    {
        var histories = holders.Select(position => position.Uuid!).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (choice.Uuid is not null)
            return histories.Find(uuid => string.Equals(uuid, choice.Uuid, StringComparison.OrdinalIgnoreCase))
                ?? throw RepairErrors.GaleraHistoryUnknown(choice.Uuid, holders);
        if (choice.From is not null)
            return holders.FirstOrDefault(position => position.Node == choice.From)?.Uuid
                ?? throw RepairErrors.GaleraHistoryUnknown(choice.From, holders);
        return histories.Count == 1 ? histories[0] : throw RepairErrors.GaleraHistoriesDiffer(cluster, holders);
    }

    private static string Why(NodePosition chosen, List<NodePosition> candidates, RepairChoice choice)
    {
        if (choice.From is not null)
            return "specified with -From";
        if (candidates.Count == 1)
            return "the only one with data of this state UUID";
        if (chosen.SafeToBootstrap && candidates.Count(position => position.SafeToBootstrap) == 1)
            return "the last to leave, and none has a higher seqno";
        var equal = candidates.Count(position => position.Seqno == chosen.Seqno);
        return equal == 1
            ? "the highest seqno"
            : string.Create(CultureInfo.InvariantCulture, $"the first of {equal} with the highest seqno");
    }
}
