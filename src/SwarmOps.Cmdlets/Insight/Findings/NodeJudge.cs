using SwarmOps.Nodes.Preflight;

namespace SwarmOps.Insight.Findings;

/// <summary>Turns the results of the checks of nodes, ports and engines into findings: one for each cause, not one for each pair.</summary>
internal static class NodeJudge
{
    /// <summary>How many names a message lists.</summary>
    private const int MostNames = 5;

    /// <summary>A defect of lesser severity is on every engine of its release: it informs.</summary>
    private const string MattersAlways = "Severity high";

    /// <summary>The findings.</summary>
    /// <param name="results">The results of the checks.</param>
    /// <param name="silent">Names of nodes that did not answer: each has a finding of its own already.</param>
    /// <param name="knowsVersions">Whether the swarm's own findings compare the engine versions.</param>
    public static IEnumerable<SwarmFinding> Of(IEnumerable<NodeFinding> results, IReadOnlySet<string> silent, bool knowsVersions)
    {
        var open = results
            .Where(result =>
                result.Result != FindingResult.Pass
                && !silent.Contains(result.Node)
                && (result.Peer is null || !silent.Contains(result.Peer))
            )
            .Where(result => !(knowsVersions && result is { Check: EngineCheck.Version, Result: FindingResult.Warning }))
            .ToList();
        return
        [
            .. open.Where(result => result.Check == EngineCheck.Defect).GroupBy(result => result.Detail).Select(OfDefect),
            .. open.Where(IsPort).Where(IsTested).GroupBy(result => (result.Peer, result.Check)).Select(OfPort),
            .. open.Where(IsPort)
                .Where(result => !IsTested(result))
                .GroupBy(result => (result.Check, result.Detail))
                .Select(OfUntestedPort),
            .. open.Where(result => result.Check != EngineCheck.Defect && !IsPort(result)).Select(OfNode),
        ];
    }

    /// <summary>Names in a sentence.</summary>
    public static string Names(IEnumerable<string> names)
    {
        var all = names.Distinct(StringComparer.Ordinal).ToList();
        var named = string.Join(", ", all.Take(MostNames).Select(name => $"'{name}'"));
        return all.Count > MostNames ? $"{named} and {all.Count - MostNames} more" : named;
    }

    /// <summary>A clause as a sentence.</summary>
    public static string Sentence(string clause)
    {
        var text = clause.Trim();
        if (text.Length == 0)
            return text;
        return char.ToUpperInvariant(text[0]) + text[1..] + (text[^1] is '.' or '?' ? "" : ".");
    }

    private static bool IsTested(NodeFinding result) => result.Result != FindingResult.NotTested;

    /// <summary>A check between two nodes; of the others only a clone names a second node.</summary>
    private static bool IsPort(NodeFinding result) =>
        result.Peer is not null && result.Check is not (EngineCheck.Identity or AdvertiseAddressCheck.Name);

    private static SwarmFinding OfNode(NodeFinding result) =>
        Base(result) with
        {
            Check = result.Check,
            Message = $"'{result.Node}': {result.Detail.TrimEnd('.')}.",
        };

    private static SwarmFinding OfDefect(IGrouping<string, NodeFinding> group)
    {
        var first = group.First();
        var matters = first.Result == FindingResult.Fail || first.Detail.Contains(MattersAlways, StringComparison.Ordinal);
        return Base(first) with
        {
            Severity = matters ? Severity(first.Result) : SwarmFindingSeverity.Information,
            // The same whichever nodes have it, or answer at the moment.
            Subject = $"engine {first.Detail.Split(':')[0]}",
            Check = EngineCheck.Defect,
            Message = $"{Names(group.Select(result => result.Node))}: engine {first.Detail.TrimEnd('.')}.",
            Distinction = first.Detail.Split(" Nodes without")[0],
        };
    }

    private static SwarmFinding OfPort(IGrouping<(string? Peer, string Check), NodeFinding> group)
    {
        var first = group.First();
        return Base(first) with
        {
            Subject = group.Key.Peer!,
            Check = "PortBlocked",
            Message =
                $"{group.Key.Check} of '{group.Key.Peer}' cannot be reached from {Names(group.Select(result => result.Node))}: {first.Detail.TrimEnd('.')}.",
            Distinction = group.Key.Check,
        };
    }

    private static SwarmFinding OfUntestedPort(IGrouping<(string Check, string Detail), NodeFinding> group) =>
        Base(group.First()) with
        {
            Check = "PortNotTested",
            Message =
                $"{group.Key.Check} was not tested from {Names(group.Select(result => result.Node))}: {group.Key.Detail.TrimEnd('.')}.",
            Distinction = group.Key.Check,
        };

    private static SwarmFinding Base(NodeFinding result) =>
        new()
        {
            Severity = Severity(result.Result),
            Area = SwarmFindingArea.Node,
            Subject = result.Node,
            RecommendedAction = result.RecommendedAction,
        };

    private static SwarmFindingSeverity Severity(FindingResult result) =>
        result switch
        {
            FindingResult.Fail => SwarmFindingSeverity.Critical,
            FindingResult.Warning => SwarmFindingSeverity.Warning,
            _ => SwarmFindingSeverity.Unknown,
        };
}
