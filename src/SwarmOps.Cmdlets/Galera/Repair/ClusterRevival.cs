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
        var decision = RepairDecision.Make(site.Name, await site.Disks.PositionsAsync(seen.GaleraNode).ConfigureAwait(false), choice);
        context.WriteVerbose(decision.ToString());
        foreach (var loss in decision.Losses)
            context.WriteWarning($"'{site.Name}': this may be lost: {loss}.");
        foreach (var other in decision.Aside)
        {
            if (!await site.SetAsideAsync(Node(seen, other.Node), $"it holds another history ({other})").ConfigureAwait(false))
                return false;
            await site.StartAsync(Node(seen, other.Node)).ConfigureAwait(false);
        }

        if (!await context.ShouldProcessAsync($"{site.Name} on {decision.Chosen.Node}", decision.ToString()).ConfigureAwait(false))
            return false;
        var chosen = Node(seen, decision.Chosen.Node);
        // One that neither waits nor forms would take the marker for a thing of the past as soon as it meets another of its kind.
        var stuck = seen.GaleraNode.Where(node => node.State != GaleraReport.Waiting && node.State != "NotRunning" && node.State != "Unknown").ToList();
        await Task.WhenAll(stuck.Select(site.Power.StopAsync)).ConfigureAwait(false);
        await RequireNonePrimaryAsync().ConfigureAwait(false);
        foreach (var node in seen.GaleraNode.Where(node => node != chosen && decision.Positions.Any(position => position.Node == node.Node && position.Unknown is null)))
            await site.Disks.UnmarkAsync(node).ConfigureAwait(false);
        await site.Disks.MarkAsync(chosen).ConfigureAwait(false);
        await site.StartAsync(chosen).ConfigureAwait(false);
        await site.WaitAsync([chosen.Node], 1, seen.Image).ConfigureAwait(false);
        foreach (var node in stuck.Where(node => node != chosen))
            await site.StartAsync(node).ConfigureAwait(false);
        return true;
    }

    private async Task RequireNonePrimaryAsync()
    {
        var primary = (await site.ReadAsync().ConfigureAwait(false)).GaleraNode.Where(ClusterWatch.IsPrimary).Select(node => node.Node).ToList();
        if (primary.Count > 0)
            throw RepairErrors.GaleraRevived(site.Name, string.Join(", ", primary));
    }

    private static GaleraNode Node(GaleraCluster cluster, string node) => cluster.GaleraNode.First(candidate => candidate.Node == node);
}
