using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Running;
using SwarmOps.GeoDns.State;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.GeoDns.Drain;

/// <summary>
/// Changes what is out of DNS in one zone. On the way out: every name server must have stopped answering with it, and then resolvers get the time to forget it. On the way back: it
/// must be healthy as seen by the name servers of the other regions first.
/// </summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="zones">Its zones.</param>
/// <param name="request">What is to leave or to come back.</param>
internal sealed class EdgeDrain(IOperationContext context, SwarmSession swarm, GeoDnsZones zones, SetEdgeRequest request)
{
    private static readonly TimeSpan ProofTime = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private readonly HealthReader health = new(swarm, request.Options.ThrottleLimit);

    /// <summary>Runs it and writes the zone to the pipeline.</summary>
    /// <param name="present">The zone as it is.</param>
    /// <param name="wanted">The zone as it is to be.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="GeoDnsErrors"/>, of services and the transport.</exception>
    public async Task RunAsync(GeoDnsDefinition present, GeoDnsDefinition wanted)
    {
        var isNew = wanted.DiffersFrom(present);
        if (request.IsOut && isNew && !request.IsForced)
            await RequireAnotherAsync(wanted).ConfigureAwait(false);
        if (
            isNew
            && !await context
                .ShouldProcessAsync(
                    $"zone '{wanted.Zone}'",
                    request.IsOut
                        ? $"Take {request.What} out of DNS: new clients are sent elsewhere"
                        : $"Bring {request.What} back into DNS"
                )
                .ConfigureAwait(false)
        )
            return;
        if (!request.IsOut && isNew)
            await WaitHealthyAsync(wanted).ConfigureAwait(false);
        var deployment = new GeoDnsDeployment(context, swarm, zones, request.Options) { Continues = request.IsOut };
        if (!await deployment.RunAsync(wanted).ConfigureAwait(false))
            return;
        if (request.IsOut)
        {
            await ProveAsync(wanted).ConfigureAwait(false);
            if (isNew || IsRecent(wanted))
                await ExpireAsync(wanted).ConfigureAwait(false);
        }
        else
            foreach (var failure in deployment.Failures)
                context.WriteError(failure);

        if (!request.IsForUpdate)
            context.WriteObject(await new GeoDnsReader(swarm, request.Options.ThrottleLimit).ReadAsync(wanted).ConfigureAwait(false));
    }

    /// <summary>Whether an earlier run that was interrupted may have changed the zone just now: resolvers still need the time. Clocks may differ by minutes.</summary>
    private bool IsRecent(GeoDnsDefinition wanted) =>
        zones.Newest(wanted.Zone, GeoDnsZones.DefinitionFile) is { } config
        && DateTime.UtcNow - config.CreatedAt < TimeSpan.FromSeconds(wanted.TtlSeconds) + ClockTolerance;

    /// <summary>Refuses to take out the last region that is healthy somewhere.</summary>
    private async Task RequireAnotherAsync(GeoDnsDefinition wanted)
    {
        var views = await health.ReadAsync(wanted).ConfigureAwait(false);
        var isLeft = wanted.Regions.Any(region =>
            region.Nodes.Any(node => !wanted.IsOut(region, node) && views.Values.Any(view => view.Health?.IsUp(node.Address) is true))
        );
        if (!isLeft)
            throw request.IsForUpdate
                ? GeoDnsErrors.EdgeUpdateHasNoOther(request.Service, request.What)
                : GeoDnsErrors.EdgeRegionLast(request.Service, request.What);
    }

    /// <summary>Waits until what comes back is healthy, as seen from other regions. A server in the same region could be cut off together with it.</summary>
    private async Task WaitHealthyAsync(GeoDnsDefinition wanted)
    {
        List<string> why = [];
        var seen = await Polling
            .UntilAsync(
                async () =>
                {
                    var views = await health.ReadAsync(wanted).ConfigureAwait(false);
                    why = [.. Targets(wanted).SelectMany(target => Doubts(wanted, target.Region, target.Nodes, views))];
                    context.WriteProgress(
                        new OperationProgress(0, wanted.Zone, why.Count == 0 ? "Healthy" : $"Waiting until it is healthy: {why[0]}")
                    );
                    return why.Count == 0 ? wanted : null;
                },
                request.HealthTimeout,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, wanted.Zone, "Done", Completed: true));
        if (seen is null)
            throw GeoDnsErrors.EdgeNotHealthy(request.Service, Title(request.What), why);
    }

    private IEnumerable<(GeoDnsRegion Region, IReadOnlyList<GeoDnsEdgeNode> Nodes)> Targets(GeoDnsDefinition definition) =>
        definition
            .Regions.Select(region =>
                (
                    Region: region,
                    Nodes: request.Regions.Contains(region.Name)
                        ? region.Nodes
                        : (IReadOnlyList<GeoDnsEdgeNode>)[.. region.Nodes.Where(node => request.NodeNames.Contains(node.Name))]
                )
            )
            .Where(target => target.Nodes.Count > 0);

    /// <summary>Why a region cannot come back yet: some node of it must be healthy for every name server elsewhere that can be asked, and for at least one.</summary>
    private IEnumerable<string> Doubts(
        GeoDnsDefinition definition,
        GeoDnsRegion region,
        IReadOnlyList<GeoDnsEdgeNode> nodes,
        IReadOnlyDictionary<string, (ServerHealth? Health, string? Error)> views
    )
    {
        var others = definition.Servers.Where(server => server.Region != region.Name).ToList();
        var asked = others.Where(server => views[server.NodeId].Health is not null).ToList();
        if (asked.Count == 0)
        {
            yield return $"no name server outside '{region.Name}' could be asked ({string.Join(", ", others.Select(server => $"{server.Node}: {views[server.NodeId].Error}"))})";
            yield break;
        }

        // Nodes that were named one by one must all be healthy; of a region one is enough, as for the name servers.
        var isNamed = !request.Regions.Contains(region.Name);
        foreach (var server in asked)
        {
            var down = nodes.Where(node => views[server.NodeId].Health!.IsUp(node.Address) is not true).ToList();
            if (down.Count == nodes.Count || (isNamed && down.Count > 0))
                yield return $"'{server.Node}' sees {string.Join(", ", down.Select(node => $"'{node.Name}'"))} unhealthy";
        }
    }

    /// <summary>Every name server that may be asked by anyone must have stopped answering with what is out. One that cannot be verified may still do so.</summary>
    private async Task ProveAsync(GeoDnsDefinition wanted)
    {
        var questions = new ServerQuestions(wanted, context.CancellationToken);
        List<string> why = [];
        var proven = await Polling
            .UntilAsync(
                async () =>
                {
                    var views = await health.ReadAsync(wanted).ConfigureAwait(false);
                    var doubts = await Throttle
                        .ForEachAsync(
                            wanted.Servers,
                            request.Options.ThrottleLimit,
                            async server => await DoubtAsync(wanted, server, views[server.NodeId].Health, questions).ConfigureAwait(false),
                            context.CancellationToken
                        )
                        .ConfigureAwait(false);
                    why = [.. doubts.OfType<string>()];
                    return why.Count == 0 ? wanted : null;
                },
                ProofTime,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        if (proven is null)
            throw GeoDnsErrors.EdgeDrainUnproven(request.Service, Title(request.What), why);
    }

    /// <summary>Why a name server may still answer with what is out; null when it does not.</summary>
    private async Task<string?> DoubtAsync(GeoDnsDefinition wanted, GeoDnsHost server, ServerHealth? view, ServerQuestions questions)
    {
        var serial = await questions.SerialAsync(server).ConfigureAwait(false);
        if (serial.Serial is null)
            // A node that is down answers nobody, but one that is only cut off from here answers those who reach it.
            return $"the name server on '{server.Node}' could not be asked ({serial.Error})";
        if (serial.Serial != wanted.Serial)
            return $"the name server on '{server.Node}' still has the serial {serial.Serial}";
        // With nothing healthy left, all regions are answered: that is what -Force accepted.
        var isEmpty = view is not null && wanted.Regions.All(region => region.Nodes.All(node => !view.Answers(region, node)));
        if (isEmpty && request.IsForced)
            return null;
        foreach (var client in ProbeClient.Of(wanted, []))
        {
            var answer = await questions.AnswerAsync(server, client.Network).ConfigureAwait(false);
            var still = (answer.Reply?.Addresses ?? [])
                .Where(address =>
                    wanted.Regions.Any(region => region.Nodes.Any(node => node.Address == address && wanted.IsOut(region, node)))
                )
                .ToList();
            if (answer.Reply is null || still.Count > 0)
                return $"the name server on '{server.Node}' answers {client.From} with {(answer.Reply is null ? answer.Error : string.Join(", ", still))}";
        }

        return null;
    }

    /// <summary>Waits as long as a resolver may keep the last answer that it was given.</summary>
    private async Task ExpireAsync(GeoDnsDefinition wanted)
    {
        for (var left = wanted.TtlSeconds + 1; left > 0; left--)
        {
            context.WriteProgress(
                new OperationProgress(
                    0,
                    wanted.Zone,
                    $"Waiting {left} s until resolvers have forgotten {request.What}",
                    100 - (100 * left / (wanted.TtlSeconds + 1))
                )
            );
            await Task.Delay(TimeSpan.FromSeconds(1), context.CancellationToken).ConfigureAwait(false);
        }

        context.WriteProgress(new OperationProgress(0, wanted.Zone, "Done", Completed: true));
    }

    private static string Title(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
