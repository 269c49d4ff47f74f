using SwarmOps.Galera.State;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Repair;

/// <summary>Begins a cluster again that has no Primary component.</summary>
/// <param name="context">The stage that works.</param>
/// <param name="site">The cluster.</param>
/// <param name="choice">What the user chose.</param>
internal sealed class ClusterRevival(IOperationContext context, RepairSite site, RepairChoice choice)
{
    /// <summary>Begins again from the furthest node, where there is no Primary component.</summary>
    public async Task<bool> RunAsync(GaleraCluster seen)
    {
        if (await SetCondemnedAsideAsync(seen).ConfigureAwait(false) is not { } left)
            return false;
        seen = left;
        // One that neither waits nor forms would take the marker for a thing of the past as soon as it meets another of its kind.
        var stuck = seen.GaleraNodes.Where(IsStuck).ToList();
        if (!choice.Force && (await site.PositionsAsync(seen).ConfigureAwait(false)).Where(position => position.Unknown is not null && stuck.All(node => node.Node != position.Node)).ToList() is { Count: > 0 } unknown)
            throw RepairErrors.GaleraPositionUnknown(site.Name, unknown, await site.PositionsAsync(seen).ConfigureAwait(false));
        if (stuck.Count > 0)
        {
            var names = string.Join(", ", stuck.Select(node => node.Node));
            if (!await context.ShouldProcessAsync($"{site.Name} on {names}", "stop the servers, which are in no Primary component, and read from their disks how far they are").ConfigureAwait(false))
                return false;
            await site.RequireNonePrimaryAsync(choice.Force).ConfigureAwait(false);
            await Task.WhenAll(stuck.Select(site.StopAsync)).ConfigureAwait(false);
            seen = await site.RequireNonePrimaryAsync(choice.Force).ConfigureAwait(false);
        }

        if (await DecideAsync(seen).ConfigureAwait(false) is not { } decision)
            return false;
        foreach (var loss in decision.Losses)
            context.WriteWarning($"'{site.Name}': this may be lost: {loss}.");
        foreach (var other in decision.Aside)
        {
            if (!await site.SetAsideAsync(Node(seen, other.Node), $"it holds another history ({other})").ConfigureAwait(false))
                return false;
            await site.StartAsync(Node(seen, other.Node)).ConfigureAwait(false);
        }

        var chosen = Node(seen, decision.Chosen.Node);
        await site.RequireNonePrimaryAsync(choice.Force).ConfigureAwait(false);
        foreach (var node in seen.GaleraNodes.Where(node => node != chosen && decision.Positions.Any(position => position.Node == node.Node && position.Unknown is null)))
            await site.Disks.UnmarkAsync(node).ConfigureAwait(false);
        if (decision.IsNewHistory && !await site.Disks.KnowsNewHistoryAsync(chosen).ConfigureAwait(false))
            context.WriteWarning($"'{chosen.Node}': its start script is of an earlier version, or its own, and goes on with the old history: before a node that was left behind starts again, move its data aside by hand (docs/galera.md).");
        await site.Disks.MarkAsync(chosen, decision.IsNewHistory).ConfigureAwait(false);
        await site.StartAsync(chosen).ConfigureAwait(false);
        await site.WaitAsync([chosen.Node], 1, seen.Image).ConfigureAwait(false);
        foreach (var node in stuck.Where(node => node.Node != chosen.Node))
            await site.StartAsync(node).ConfigureAwait(false);
        return true;
    }

    /// <summary>Whether a server runs that is in no Primary component and does not wait for one.</summary>
    internal static bool IsStuck(GaleraNode node) =>
        node.State is not (GaleraReport.Waiting or GaleraReport.Recovering or GaleraReport.NotRunning or GaleraReport.Unknown) && !ClusterWatch.IsPrimary(node);

    /// <summary>What an earlier repair decided to move aside is no choice any more, and would join with what it has as soon as there is something to join.</summary>
    /// <returns>The cluster as it is after that; null when consent was refused.</returns>
    private async Task<GaleraCluster?> SetCondemnedAsideAsync(GaleraCluster seen)
    {
        var aside = 0;
        foreach (var node in seen.GaleraNodes.Where(node => !node.IsArbitrator))
        {
            if (!await site.Disks.IsCondemnedAsync(node).ConfigureAwait(false))
                continue;
            if (!await site.SetAsideAsync(node, "an earlier repair has decided so").ConfigureAwait(false))
                return null;
            await site.StartAsync(node).ConfigureAwait(false);
            aside++;
        }

        return aside == 0 ? seen : await site.RequireNonePrimaryAsync(choice.Force).ConfigureAwait(false);
    }

    /// <summary>Decides, asks, and decides again: an answer may take its time, and what it rested on is read anew.</summary>
    /// <returns>The decision; null when consent was refused.</returns>
    private async Task<RepairDecision?> DecideAsync(GaleraCluster seen)
    {
        var decision = RepairDecision.Make(site.Name, await site.PositionsAsync(seen).ConfigureAwait(false), choice);
        while (true)
        {
            context.WriteVerbose(decision.ToString());
            if (!await context.ShouldProcessAsync($"{site.Name} on {decision.Chosen.Node}", decision.ToString()).ConfigureAwait(false))
                return null;
            var again = RepairDecision.Make(site.Name, await site.PositionsAsync(await site.RequireNonePrimaryAsync(choice.Force).ConfigureAwait(false)).ConfigureAwait(false), choice);
            if (again.ToString() == decision.ToString())
                return again;
            decision = again;
        }
    }

    private static GaleraNode Node(GaleraCluster cluster, string node) => cluster.GaleraNodes.First(candidate => candidate.Node == node);
}
