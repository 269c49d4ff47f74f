using SwarmOps.Galera.Formation;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;

namespace SwarmOps.Galera.Repair;

/// <summary>A cluster under repair, and what is done to its nodes.</summary>
internal sealed class RepairSite
{
    /// <summary>What progress is headed with.</summary>
    public const string Activity = "Repair-GaleraCluster";

    private readonly IOperationContext context;
    private readonly GaleraReader reader;

    private RepairSite(IOperationContext context, SwarmAccess swarm, GaleraReader reader, string name, NodeDisks disks, TimeSpan timeout)
    {
        (this.context, Swarm, this.reader, Name, Disks, Timeout) = (context, swarm, reader, name, disks, timeout);
        Power = new NodeSwitch(swarm, reader, name);
    }

    /// <summary>The swarm.</summary>
    public SwarmAccess Swarm { get; }

    /// <summary>Name of the cluster.</summary>
    public string Name { get; }

    /// <summary>Its data directories.</summary>
    public NodeDisks Disks { get; }

    /// <summary>Its nodes' switches.</summary>
    public NodeSwitch Power { get; }

    /// <summary>How long each node may take until it is Synced.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Finds a cluster.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNotFound</c>, the transport's errors.</exception>
    public static async Task<RepairSite> FindAsync(IOperationContext context, SwarmAccess swarm, GaleraReader reader, string name, TimeSpan timeout)
    {
        var services = (await reader.ServicesAsync().ConfigureAwait(false))[name].ToList();
        return services.Count == 0 ? throw GaleraErrors.GaleraNotFound(name, swarm.SwarmId) : new RepairSite(context, swarm, reader, name, new NodeDisks(swarm, services), timeout);
    }

    /// <summary>Reads the cluster from inside its nodes.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<GaleraCluster> ReadAsync() => await reader.ReadAsync(Name, [.. (await reader.ServicesAsync().ConfigureAwait(false))[Name]]).ConfigureAwait(false);

    /// <summary>Waits until hosts' nodes are Synced in a component of a size.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="GaleraWait"/>.</exception>
    public Task WaitAsync(IReadOnlyList<string> hosts, int size, string image) => new GaleraWait(context, ReadAsync, Activity).ForAsync(hosts, size, image, Timeout);

    /// <summary>Stops a node and moves its data aside: started again, it gets all by a full state transfer.</summary>
    /// <returns>Whether that was done; not so when consent was refused.</returns>
    /// <exception cref="SwarmOpsException"><c>GaleraNodeDoesNotStop</c>, <c>CommandFailed</c>, the transport's errors.</exception>
    public async Task<bool> SetAsideAsync(GaleraNode node, string why)
    {
        if (!await context.ShouldProcessAsync($"{Name} on {node.Node}", $"stop the node, move {Disks.Path(node)} aside (nothing is deleted), and let it get all data anew: {why}").ConfigureAwait(false))
            return false;
        await Power.StopAsync(node).ConfigureAwait(false);
        var aside = await Disks.MoveAsideAsync(node).ConfigureAwait(false);
        context.WriteWarning($"'{node.Node}': the data that was there is in {aside} now; remove it when nobody needs it any more.");
        return true;
    }

    /// <summary>Lets a node run, with a data directory to run in.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task StartAsync(GaleraNode node)
    {
        if (!node.IsArbitrator)
            await Disks.MakeAsync(node).ConfigureAwait(false);
        await Power.StartAsync(node).ConfigureAwait(false);
    }
}
