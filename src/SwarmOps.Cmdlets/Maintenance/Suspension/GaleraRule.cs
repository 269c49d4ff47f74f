using SwarmOps.Galera.Formation;
using SwarmOps.Galera.Repair;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>Whether the databases of a swarm can do without the Galera nodes on one host, and whether they are Synced again.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="throttleLimit">How many nodes are asked at the same time.</param>
/// <param name="activity">The activity in the progress display.</param>
internal sealed class GaleraRule(IOperationContext context, SwarmSession swarm, int throttleLimit, string activity)
{
    /// <summary>How long a state transfer or another node's restart may go on before it is a reason.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(30);

    private readonly GaleraReader reader = new(swarm, throttleLimit);

    /// <summary>Why clusters cannot do without their nodes on a host.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<string>> ObstaclesAsync(string host)
    {
        var found = new List<string>();
        foreach (var cluster in await ReadAllAsync().ConfigureAwait(false))
        {
            if (!cluster.GaleraNodes.Any(node => node.Node == host))
                continue;
            var seen = ClusterWatch.IsWhole(cluster)
                ? cluster
                : await new ClusterWatch(context, () => ReadAsync(cluster.Name), activity)
                    .UntilStillAsync(SettleLimit, SettleLimit)
                    .ConfigureAwait(false);
            if (Obstacle(seen, host) is { } reason)
                found.Add(reason);
        }

        return found;
    }

    /// <summary>Why a cluster cannot do without its nodes on a host; null when it can.</summary>
    internal static string? Obstacle(GaleraCluster cluster, string host)
    {
        var others = cluster.GaleraNodes.Where(node => node.Node != host).ToList();
        var missing = others.Where(node => !ClusterWatch.TakesPart(node, cluster)).ToList();
        if (missing.Count > 0)
            return $"the Galera cluster '{cluster.Name}' is not whole: {string.Join(", ", missing.Select(node => $"'{node.Node}' {GaleraWait.Words(node, cluster)}"))}";
        if (!others.Any(node => !node.IsArbitrator))
            return $"the Galera cluster '{cluster.Name}' has no other node with data";
        var majority = (cluster.ExpectedSize / 2) + 1;
        return others.Count < majority
            ? $"{others.Count} of {cluster.ExpectedSize} nodes of the Galera cluster '{cluster.Name}' would be left, and its majority is {majority}"
            : null;
    }

    /// <summary>Waits until the Galera nodes of a host are Synced with the others.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="GaleraWait"/> and the transport.</exception>
    public async Task ArriveAsync(string host, TimeSpan limit)
    {
        foreach (var cluster in await ReadAllAsync().ConfigureAwait(false))
        {
            if (!cluster.GaleraNodes.Any(node => node.Node == host))
                continue;
            var others = cluster.GaleraNodes.Count(node => node.Node != host && ClusterWatch.TakesPart(node, cluster));
            await new GaleraWait(context, () => ReadAsync(cluster.Name), activity)
                .ForAsync([host], others + 1, cluster.Image, limit)
                .ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<GaleraCluster>> ReadAllAsync()
    {
        var clusters = new List<GaleraCluster>();
        foreach (var cluster in await reader.ServicesAsync().ConfigureAwait(false))
            clusters.Add(await reader.ReadAsync(cluster.Key, [.. cluster]).ConfigureAwait(false));
        return clusters;
    }

    private async Task<GaleraCluster> ReadAsync(string name) =>
        await reader.ReadAsync(name, [.. (await reader.ServicesAsync().ConfigureAwait(false))[name]]).ConfigureAwait(false);
}
