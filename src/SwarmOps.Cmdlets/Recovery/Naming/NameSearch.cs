using System.Text.Json.Nodes;
using SwarmOps.Nodes;
using SwarmOps.Overlay;
using SwarmOps.Overlay.Proof;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Recovery.Naming;

/// <summary>Looks, from a probe on each node, which tasks of an overlay network answer at their addresses but not by their names.</summary>
/// <param name="context">The cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="network">The network.</param>
/// <param name="throttleLimit">How many nodes are asked at the same time.</param>
internal sealed class NameSearch(IOperationContext context, SwarmSession swarm, OverlayNetwork network, int throttleLimit)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Looks until every name resolves, for as long as gossip may need to bring it; what is missing at each look is missing for good.</summary>
    /// <param name="members">The nodes that look.</param>
    /// <param name="patience">How long.</param>
    /// <exception cref="SwarmOpsException"><c>OverlayProbeFailed</c>, the transport's errors.</exception>
    public async Task<IReadOnlyList<LostName>> FindAsync(IReadOnlyList<NodeObservation> members, TimeSpan patience)
    {
        var probes = new OverlayProbes(context, network, image: null);
        var set = members.Select(member => member.Node).ToList();
        using var hold = context.HoldConnections();
        try
        {
            var up = await NodeSet
                .ForEachAsync(
                    context,
                    set,
                    throttleLimit,
                    async node => await probes.StartAsync(node, set.IndexOf(node)).ConfigureAwait(false)
                )
                .ConfigureAwait(false);
            var ready = up.OfType<OverlayProbe>().ToList();
            IReadOnlyList<LostName>? lost = null;
            for (var deadline = Deadline.In(patience); ; )
            {
                var now = await LookAsync(probes, ready).ConfigureAwait(false);
                lost = lost is null ? now : Still(lost, now);
                if (lost.Count == 0 || !deadline.LeavesTimeFor(Pause))
                    return lost;
                context.WriteProgress(
                    new OperationProgress(0, "Repair-Swarm", $"Waiting whether {lost.Count} missing names come by themselves")
                );
                await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await probes.RemoveAsync(set).ConfigureAwait(false);
        }
    }

    /// <summary>Those that were missing before, too: a task that was replaced in the meantime is another one.</summary>
    internal static IReadOnlyList<LostName> Still(IReadOnlyList<LostName> before, IReadOnlyList<LostName> now) =>
        [.. now.Where(before.Contains)];

    /// <summary>What one probe saw: a name is lost where packets arrive and the name does not give the address. A silent address says nothing about names.</summary>
    internal static IReadOnlyList<LostName> Lost(
        string from,
        IReadOnlyList<TaskName> tasks,
        IReadOnlyDictionary<string, ProbeSighting> seen
    ) =>
        [
            .. tasks
                .Where(task => seen.TryGetValue(task.Address, out var sighting) && sighting is { Received: > 0, Name: false })
                .Select(task => new LostName(task, from)),
        ];

    private async Task<IReadOnlyList<LostName>> LookAsync(OverlayProbes probes, IReadOnlyList<OverlayProbe> up)
    {
        var tasks = await TasksAsync().ConfigureAwait(false);
        if (tasks.Count == 0)
            return [];
        var found = await NodeSet
            .ForEachAsync(
                context,
                [.. up.Select(probe => probe.Node)],
                throttleLimit,
                async node =>
                {
                    var peers = tasks.Select(task => new OverlayProbe(node, "", task.Name, task.Address));
                    var seen = await probes.TestAsync(up.First(probe => probe.Node == node), peers).ConfigureAwait(false);
                    return Lost(node.Name, tasks, seen);
                }
            )
            .ConfigureAwait(false);
        return [.. found.SelectMany(one => one)];
    }

    private async Task<IReadOnlyList<TaskName>> TasksAsync()
    {
        var services = (await ServiceReader.ListAsync(swarm).ConfigureAwait(false)).ToDictionary(
            service => service.Id,
            service => service.Name,
            StringComparer.Ordinal
        );
        var path = "/tasks?filters=" + Uri.EscapeDataString(new JsonObject { ["desired-state"] = new JsonArray("running") }.ToJsonString());
        return TaskName.Read(await swarm.GetAsync(path).ConfigureAwait(false), services, network.Id);
    }
}
