namespace SwarmOps.Overlay.Proof;

/// <summary>Builds the paths of a test from what was observed.</summary>
internal static class OverlayPaths
{
    /// <summary>All paths between the nodes of a set, by sender and receiver in the set's order.</summary>
    /// <param name="overlay">Name of the network.</param>
    /// <param name="diagnosis">Finds the cause of a problem.</param>
    /// <param name="set">The node set.</param>
    /// <param name="absent">The nodes of the set that took no part in the test, each with the reason: their paths are not tested.</param>
    /// <param name="up">The probes that ran.</param>
    /// <param name="sightings">What each probe observed, by its node's name and the peer's address.</param>
    /// <param name="hosts">The facts about the hosts that took part, by name.</param>
    public static IReadOnlyList<SwarmOverlayPath> Judge(
        string overlay,
        OverlayDiagnosis diagnosis,
        IReadOnlyList<SwarmNode> set,
        IReadOnlyDictionary<SwarmNode, SwarmOpsException> absent,
        IReadOnlyList<OverlayProbe> up,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, ProbeSighting>> sightings,
        IReadOnlyDictionary<string, ProbeHost> hosts
    )
    {
        var paths = new List<SwarmOverlayPath>();
        foreach (var from in set)
        {
            foreach (var to in set.Where(node => node != from))
            {
                var there = Sighting(from, to);
                var (cause, detail, action) = (absent.GetValueOrDefault(from) ?? absent.GetValueOrDefault(to)) is { } why
                    ? OverlayDiagnosis.Absent(why)
                    : diagnosis.Judge(hosts[from.Name], hosts[to.Name], there, Sighting(to, from));
                paths.Add(
                    new SwarmOverlayPath
                    {
                        Overlay = overlay,
                        From = from.Name,
                        FromRegion = from.Region,
                        To = to.Name,
                        ToRegion = to.Region,
                        Result = ResultOf(cause, there),
                        Latency = there?.Latency,
                        Loss = there?.Loss,
                        Udp = there?.Udp is true,
                        Tcp = there?.Tcp is true,
                        NameResolves = there?.Name is true,
                        Mtu = there?.Mtu,
                        LargestPacket = there?.LargestPacket,
                        Cause = cause,
                        Detail = detail,
                        RecommendedAction = action,
                    }
                );
            }
        }

        return paths;

        ProbeSighting? Sighting(SwarmNode from, SwarmNode to) =>
            up.FirstOrDefault(probe => probe.Node == to) is { } peer
            && sightings.GetValueOrDefault(from.Name)?.TryGetValue(peer.Address, out var seen) is true
                ? seen
                : null;
    }

    private static FindingResult ResultOf(SwarmOverlayCause cause, ProbeSighting? there) =>
        cause switch
        {
            SwarmOverlayCause.None => FindingResult.Pass,
            SwarmOverlayCause.NotTested => FindingResult.NotTested,
            SwarmOverlayCause.PacketLoss => FindingResult.Warning,
            SwarmOverlayCause.ControlPortBlocked when there is not null => FindingResult.Warning,
            _ => FindingResult.Fail,
        };
}
