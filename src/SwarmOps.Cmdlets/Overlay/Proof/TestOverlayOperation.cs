using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Overlay.Proof;

/// <summary>Tests an overlay network with packets between every pair of nodes, and diagnoses failures.</summary>
internal sealed class TestOverlayOperation(IOperationContext context, TestOverlayRequest request)
{
    private const string Activity = "Test-SwarmOverlay";

    /// <summary>One manager attaches all containers, and engines allow it 20 s for each: more than this at once only wait for each other.</summary>
    private const int StartsAtOnce = 10;

    /// <summary>The pauses before the second and the third attempt.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2)];

    /// <summary>Runs it.</summary>
    /// <returns>All paths between the nodes of the set, by sender and receiver in the set's order; those of nodes that did not answer or are not in the swarm are not tested.</returns>
    /// <exception cref="SwarmOpsException"><c>OverlayNotFound</c>, <c>OverlayNotAttachable</c>, <c>TooFewNodesToTest</c>, those of <see cref="SwarmSession"/> and the transport.</exception>
    public async Task<IReadOnlyList<SwarmOverlayPath>> RunAsync()
    {
        Say("Reading the nodes");
        var swarm = request.Swarm ?? await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit).ConfigureAwait(false);
        var members = OverlayNetworks.Members(context, swarm);
        if (members.Count < 2)
            throw OverlayErrors.TooFewNodesToTest(members.Count);
        var all = await OverlayNetworks.ListAsync(swarm.View.Manager, context.CancellationToken).ConfigureAwait(false);
        var listed =
            all.Where(OverlayNetwork.IsOverlay).FirstOrDefault(network => network.Name == request.Name)
            ?? throw OverlayErrors.OverlayNotFound(request.Name, swarm.View.SwarmId);
        if (!listed.Attachable)
            throw OverlayErrors.OverlayNotAttachable(request.Name);
        return await ProveAsync(swarm, members, new OverlayNetwork(listed)).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<SwarmOverlayPath>> ProveAsync(
        SwarmSession swarm,
        IReadOnlyList<NodeObservation> members,
        OverlayNetwork network
    )
    {
        var port = NatRepair.DataPathPort(swarm);
        var repair = new NatRepair(context, request.ThrottleLimit, TimeSpan.FromSeconds(30), port);
        var hosts = new ProbeHosts(context, swarm, request.ThrottleLimit);
        var probes = new OverlayProbes(context, network, request.Image);
        var set = members.Select(member => member.Node).ToList();
        using var hold = context.HoldConnections();
        try
        {
            Say($"Starting {set.Count} probes on '{network.Name}'");
            var (up, unattached) = await StartAsync(probes, hosts, members).ConfigureAwait(false);
            var sightings = await SeeAsync(probes, up, () => hosts.RememberAsync(members)).ConfigureAwait(false);
            if (Unannounced(up, sightings, hosts, members) is { Count: > 0 } unannounced)
            {
                unattached.AddRange(await AnnounceAsync(probes, up, unannounced, members.Count).ConfigureAwait(false));
                sightings = await SeeAsync(probes, up, () => hosts.RememberAsync(members)).ConfigureAwait(false);
            }

            var described =
                sightings.Count == set.Count && AllSound(sightings)
                    ? hosts.Describe(members)
                    : await DescribeAsync(hosts, repair, network, members, unattached, Strangers(up, sightings)).ConfigureAwait(false);
            var diagnosis = new OverlayDiagnosis(network.Name, network.Encrypted, port);
            return OverlayPaths.Judge(
                network.Name,
                diagnosis,
                [.. swarm.Reports.Select(report => report.Node)],
                OverlayNetworks.Absent(swarm, members),
                up,
                sightings,
                described
            );
        }
        finally
        {
            await probes.RemoveAsync(set).ConfigureAwait(false);
            context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
        }
    }

    /// <summary>Reads what explains lost packets. While the probes run, since their engines have passed the kernel the keys.</summary>
    private async Task<IReadOnlyDictionary<string, ProbeHost>> DescribeAsync(
        ProbeHosts hosts,
        NatRepair repair,
        OverlayNetwork network,
        IReadOnlyList<NodeObservation> members,
        List<SwarmNode> unattached,
        List<(SwarmNode From, SwarmNode To)> strangers
    )
    {
        Say("Reading the hosts' packet counters");
        var rules = network.Encrypted ? repair.Describe(members, await repair.ObserveAsync(members).ConfigureAwait(false)) : [];
        return await hosts.DescribeAsync(members, unattached, strangers, rules).ConfigureAwait(false);
    }

    private static bool AllSound(IReadOnlyDictionary<string, IReadOnlyDictionary<string, ProbeSighting>> sightings) =>
        sightings.Values.All(seen => seen.Values.All(sighting => sighting.IsSound));

    /// <summary>Starts probes; retries once where a manager did not answer in time although the node is Ready, since it may only have been busy.</summary>
    private async Task<(List<OverlayProbe> Up, List<SwarmNode> Unattached)> StartAsync(
        OverlayProbes probes,
        ProbeHosts hosts,
        IReadOnlyList<NodeObservation> members
    )
    {
        var up = new List<OverlayProbe>();
        var unattached = await TryAsync([.. members.Select(member => member.Node)]).ConfigureAwait(false);
        var again = unattached.Where(node => members.First(member => member.Node == node) is var member && hosts.IsSound(member)).ToList();
        if (again.Count > 0)
            unattached = [.. unattached.Except(again), .. await TryAsync(again).ConfigureAwait(false)];
        return (up, unattached);

        async Task<List<SwarmNode>> TryAsync(IReadOnlyList<SwarmNode> nodes)
        {
            var started = await NodeSet
                .ForEachAsync(
                    context,
                    nodes,
                    Math.Min(request.ThrottleLimit, StartsAtOnce),
                    async node =>
                        (
                            Node: node,
                            Probe: await probes
                                .StartAsync(node, members.TakeWhile(member => member.Node != node).Count())
                                .ConfigureAwait(false)
                        )
                )
                .ConfigureAwait(false);
            up.AddRange(started.Select(entry => entry.Probe).OfType<OverlayProbe>());
            return [.. started.Where(entry => entry.Probe is null).Select(entry => entry.Node)];
        }
    }

    /// <summary>Tests all pairs, again while something is wrong: names and addresses spread by gossip, and may be known a moment later.</summary>
    /// <param name="probes">The probes of the test.</param>
    /// <param name="up">Those that run.</param>
    /// <param name="remember">Stores the hosts' counters, before what is lost is sent again.</param>
    private async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, ProbeSighting>>> SeeAsync(
        OverlayProbes probes,
        IReadOnlyList<OverlayProbe> up,
        Func<Task> remember
    )
    {
        for (var attempt = 0; ; attempt++)
        {
            Say($"Sending packets between {up.Count * (up.Count - 1)} pairs{(attempt > 0 ? ", again" : "")}");
            var seen = await NodeSet
                .ForEachAsync(
                    context,
                    [.. up.Select(probe => probe.Node)],
                    request.ThrottleLimit,
                    async node =>
                    {
                        var probe = up.First(candidate => candidate.Node == node);
                        return (node.Name, Sightings: await probes.TestAsync(probe, up).ConfigureAwait(false));
                    }
                )
                .ConfigureAwait(false);
            var sightings = seen.ToDictionary(entry => entry.Name, entry => entry.Sightings);
            if (attempt == Pauses.Length || AllSound(sightings))
                return sightings;
            var pausing = Task.Delay(Pauses[attempt], context.CancellationToken);
            if (attempt == 0)
                await remember().ConfigureAwait(false);
            await pausing.ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The nodes of pairs that know nothing of each other although the swarm sees both. An engine says once that it has joined a network; one that misses this
    /// refuses all that the other says of the network, until the two happen to exchange all they know, which they do every 30 s with one random node (moby pull
    /// request 53437).
    /// </summary>
    private static List<OverlayProbe> Unannounced(
        List<OverlayProbe> up,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, ProbeSighting>> sightings,
        ProbeHosts hosts,
        IReadOnlyList<NodeObservation> members
    )
    {
        var strangers = Strangers(up, sightings);
        var sound = members.Where(hosts.IsSound).Select(member => member.Node).ToHashSet();
        return
        [
            .. up.Where(probe =>
                strangers.Any(pair =>
                    (pair.From == probe.Node || pair.To == probe.Node) && sound.Contains(pair.From) && sound.Contains(pair.To)
                )
            ),
        ];
    }

    /// <summary>Lets engines leave the network and join it again, by new probes: they say so once more.</summary>
    /// <returns>The nodes whose engine got no answer from a manager, and so has no probe any more.</returns>
    private async Task<IReadOnlyList<SwarmNode>> AnnounceAsync(
        OverlayProbes probes,
        List<OverlayProbe> up,
        IReadOnlyList<OverlayProbe> unannounced,
        int number
    )
    {
        var numbers = unannounced
            .Select((probe, index) => (probe, index))
            .ToDictionary(entry => entry.probe.Node, entry => number + entry.index);
        context.WriteVerbose(
            $"{string.Join(", ", numbers.Keys.Select(node => node.Name))}: not all of them know each other's probe, although the swarm sees them all; trying again with new probes."
        );
        Say("Starting new probes where some are unknown");
        up.RemoveAll(unannounced.Contains);
        var started = await NodeSet
            .ForEachAsync(
                context,
                [.. numbers.Keys],
                Math.Min(request.ThrottleLimit, StartsAtOnce),
                async node =>
                {
                    await probes.RemoveAsync(unannounced.First(probe => probe.Node == node)).ConfigureAwait(false);
                    return (Node: node, Probe: await probes.StartAsync(node, numbers[node]).ConfigureAwait(false));
                }
            )
            .ConfigureAwait(false);
        up.AddRange(started.Select(entry => entry.Probe).OfType<OverlayProbe>());
        return [.. started.Where(entry => entry.Probe is null).Select(entry => entry.Node)];
    }

    private static List<(SwarmNode From, SwarmNode To)> Strangers(
        IReadOnlyList<OverlayProbe> up,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, ProbeSighting>> sightings
    ) =>
        [
            .. from one in up
            from other in up
            where
                sightings.GetValueOrDefault(one.Node.Name)?.TryGetValue(other.Address, out var seen) is true
                && seen is { HasData: false, Name: false }
            select (one.Node, other.Node),
        ];

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, Activity, status));
}
