using SwarmOps.Galera.State;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Repair;

/// <summary>Bootstraps a cluster that has no Primary Component.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="site">The cluster.</param>
/// <param name="choice">What the user chose.</param>
internal sealed class ClusterRevival(IOperationContext context, RepairSite site, RepairChoice choice)
{
    /// <summary>If there is no Primary Component, bootstraps from the node with the highest seqno.</summary>
    public async Task<bool> RunAsync(GaleraCluster seen)
    {
        if (await SetCondemnedAsideAsync(seen).ConfigureAwait(false) is not { } left)
            return false;
        seen = left;
        // A server that is neither waiting nor forming a component would ignore the bootstrap marker as soon as it finds another one.
        var stuck = seen.GaleraNodes.Where(IsStuck).ToList();
        if (
            !choice.Force
            && (await site.PositionsAsync(seen).ConfigureAwait(false))
                .Where(position => position.Unknown is not null && stuck.All(node => node.Node != position.Node))
                .ToList()
                is { Count: > 0 } unknown
        )
            throw RepairErrors.GaleraPositionUnknown(site.Name, unknown, await site.PositionsAsync(seen).ConfigureAwait(false));
        if (stuck.Count > 0)
        {
            var names = string.Join(", ", stuck.Select(node => node.Node));
            if (
                !await context
                    .ShouldProcessAsync(
                        $"{site.Name} on {names}",
                        "Stop the servers, which are not in a Primary Component, and read their positions from disk"
                    )
                    .ConfigureAwait(false)
            )
                return false;
            await site.RequireNonePrimaryAsync(choice.Force).ConfigureAwait(false);
            await Task.WhenAll(stuck.Select(site.StopAsync)).ConfigureAwait(false);
            seen = await site.RequireNonePrimaryAsync(choice.Force).ConfigureAwait(false);
        }

        if (await DecideAsync(seen).ConfigureAwait(false) is not { } decision)
            return false;
        foreach (var loss in decision.Losses)
            context.WriteWarning($"'{site.Name}': transactions may be lost: {loss}.");
        foreach (var other in decision.Aside)
        {
            if (!await site.SetAsideAsync(Node(seen, other.Node), $"its data has another state UUID ({other})").ConfigureAwait(false))
                return false;
            await site.StartAsync(Node(seen, other.Node)).ConfigureAwait(false);
        }

        var chosen = Node(seen, decision.Chosen.Node);
        await site.RequireNonePrimaryAsync(choice.Force).ConfigureAwait(false);
        foreach (
            var node in seen.GaleraNodes.Where(node =>
                node != chosen && decision.Positions.Any(position => position.Node == node.Node && position.Unknown is null)
            )
        )
            await site.Disks.UnmarkAsync(node).ConfigureAwait(false);
        if (decision.IsNewHistory && !await site.Disks.KnowsNewHistoryAsync(chosen).ConfigureAwait(false))
            context.WriteWarning(
                $"'{chosen.Node}': it does not run the current start script and keeps its state UUID. Before a node that was left behind starts again, move that node's data aside by hand (docs/galera.md)."
            );
        await site.Disks.MarkAsync(chosen, decision.IsNewHistory).ConfigureAwait(false);
        await site.StartAsync(chosen).ConfigureAwait(false);
        await site.WaitAsync([chosen.Node], 1, seen.Image).ConfigureAwait(false);
        foreach (var node in stuck.Where(node => node.Node != chosen.Node))
            await site.StartAsync(node).ConfigureAwait(false);
        return true;
    }

    /// <summary>Whether a server is running that is not in a Primary Component and is not waiting for one.</summary>
    internal static bool IsStuck(GaleraNode node) =>
        node.State is not (GaleraReport.Waiting or GaleraReport.Recovering or GaleraReport.NotRunning or GaleraReport.Unknown)
        && !ClusterWatch.IsPrimary(node);

    /// <summary>Moves data aside that an earlier repair has marked: it is no candidate, and its node would otherwise join with it as soon as there is a component.</summary>
    /// <returns>The cluster afterwards; null if the user declined.</returns>
    private async Task<GaleraCluster?> SetCondemnedAsideAsync(GaleraCluster seen)
    {
        var aside = 0;
        foreach (var node in seen.GaleraNodes.Where(node => !node.IsArbitrator))
        {
            if (!await site.Disks.IsCondemnedAsync(node).ConfigureAwait(false))
                continue;
            if (!await site.SetAsideAsync(node, "an earlier repair marked its data").ConfigureAwait(false))
                return null;
            await site.StartAsync(node).ConfigureAwait(false);
            aside++;
        }

        return aside == 0 ? seen : await site.RequireNonePrimaryAsync(choice.Force).ConfigureAwait(false);
    }

    /// <summary>Decides, asks for confirmation, and decides again from current data, since the user may take a while to answer.</summary>
    /// <returns>The decision; null if the user declined.</returns>
    private async Task<RepairDecision?> DecideAsync(GaleraCluster seen)
    {
        var decision = RepairDecision.Make(site.Name, await site.PositionsAsync(seen).ConfigureAwait(false), choice);
        while (true)
        {
            context.WriteVerbose(decision.ToString());
            if (!await context.ShouldProcessAsync($"{site.Name} on {decision.Chosen.Node}", decision.ToString()).ConfigureAwait(false))
                return null;
            var again = RepairDecision.Make(
                site.Name,
                await site.PositionsAsync(await site.RequireNonePrimaryAsync(choice.Force).ConfigureAwait(false)).ConfigureAwait(false),
                choice
            );
            if (again.ToString() == decision.ToString())
                return again;
            decision = again;
        }
    }

    private static GaleraNode Node(GaleraCluster cluster, string node) => cluster.GaleraNodes.First(candidate => candidate.Node == node);
}
