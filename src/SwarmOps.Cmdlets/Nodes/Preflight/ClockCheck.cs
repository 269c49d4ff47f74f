namespace SwarmOps.Nodes.Preflight;

/// <summary>Checks the clocks, each against the median, so that one wrong clock gives one finding.</summary>
internal static class ClockCheck
{
    public const string Name = "ClockSkew";

    /// <summary>
    /// A new swarm's root certificate is valid from 5 minutes, rounded to the minute, before it was made (cfssl's default backdate), a node's from one hour
    /// before (swarmkit, ca.CertBackdate): beyond that joining fails. A clock that is a minute off is not synchronized and will drift further.
    /// </summary>
    private static readonly TimeSpan Broken = TimeSpan.FromMinutes(1);

    /// <summary>NTP keeps a clock within a tenth of a second even over a bad line; an offset of seconds means that no NTP client runs.</summary>
    private static readonly TimeSpan Loose = TimeSpan.FromSeconds(5);

    /// <summary>The findings about the clocks.</summary>
    public static IEnumerable<NodeFinding> Judge(IReadOnlyList<NodeFacts> all)
    {
        // This machine's own clock, offset 0, counts too: of two nodes that differ, it decides which is wrong.
        var middle = Middle([TimeSpan.Zero, .. all.Where(facts => facts.Clock is not null).Select(facts => facts.Clock!.Offset)]);
        return all.Select(facts => Judge(facts, middle));
    }

    private static NodeFinding Judge(NodeFacts facts, TimeSpan middle)
    {
        if (facts.Clock is not { } clock)
            return facts.Finding(Name, FindingResult.NotTested, facts.HostError?.Message ?? "the host's clock could not be read");
        var skew = clock.Offset - middle;
        var least = skew.Duration() - clock.Uncertainty;
        var detail =
            $"{skew.Duration().TotalSeconds:0.0} s {(skew < TimeSpan.Zero ? "behind" : "ahead of")} the median of the node set (measured to within {clock.Uncertainty.TotalSeconds:0.00} s)";
        const string action =
            "Run a time service on the node (systemctl enable --now systemd-timesyncd, or chrony) and check with timedatectl.";
        if (least > Broken)
            return facts.Finding(
                Name,
                FindingResult.Fail,
                detail + ": with a clock that is minutes off, certificates count as expired or not yet valid",
                action
            );
        return least > Loose
            ? facts.Finding(Name, FindingResult.Warning, detail + ": the clock is not synchronized", action)
            : facts.Finding(Name, FindingResult.Pass, detail);
    }

    /// <summary>The median; of the two middle values the one nearer to this machine's clock.</summary>
    private static TimeSpan Middle(List<TimeSpan> offsets)
    {
        offsets.Sort();
        var upper = offsets[offsets.Count / 2];
        var lower = offsets[(offsets.Count - 1) / 2];
        return lower.Duration() <= upper.Duration() ? lower : upper;
    }
}
