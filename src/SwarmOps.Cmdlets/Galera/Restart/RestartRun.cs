using System.Diagnostics;
using System.Globalization;
using SwarmOps.Galera.Formation;
using SwarmOps.Galera.Repair;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Restart;

/// <summary>The restart of a cluster that has been found.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="request">The cluster, and how it is restarted.</param>
/// <param name="change">The change to apply, its image pinned to a digest.</param>
/// <param name="registryAuth">The credential for the new image's registry, in the engine's format; null for none.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="reader">Reads the cluster.</param>
internal sealed class RestartRun(
    IOperationContext context,
    RestartGaleraRequest request,
    RestartChange change,
    string? registryAuth,
    SwarmSession swarm,
    GaleraReader reader
)
{
    private const string Activity = "Step-GaleraRestart";

    /// <summary>How long a node may be a donor, or missing from another node's view, before it is an error.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(30);

    /// <summary>Restarts the nodes and writes the cluster to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="RestartErrors"/>, <see cref="GaleraErrors"/>, of services and the transport.</exception>
    public async Task RunAsync()
    {
        var (seen, lame) = await BeginAsync().ConfigureAwait(false);
        if ((seen.ExpectedSize - 1) * 2 <= seen.ExpectedSize)
            throw RestartErrors.GaleraBelowQuorum(seen);
        var isRolled = seen.Layout == GaleraLayout.Global && change.IsAny;
        if (isRolled && request.Last is not null)
            throw RestartErrors.GaleraLastNeedsServices(request.Name);
        if (
            !change.IsAny
            && (await ServiceAsync(seen.GaleraNodes[0]).ConfigureAwait(false)) is var held
            && held.Labels.ContainsKey(GlobalRoll.HeldLabel)
        )
            throw RestartErrors.GaleraChangeUnfinished(request.Name, held.Name);
        var order = RestartOrder.Of(seen.GaleraNodes, request.Last).OrderBy(node => node.Node != lame).ToList();

        var consented = await CheckImageAsync(seen).ConfigureAwait(false);
        consented &= isRolled
            ? await RollAsync(seen, lame).ConfigureAwait(false)
            : await StepAsync(order, seen, lame).ConfigureAwait(false);
        if (consented)
            context.WriteObject(await ReadAsync().ConfigureAwait(false));
    }

    /// <summary>Pulls a new image to all nodes before the first one is stopped.</summary>
    private async Task<bool> CheckImageAsync(GaleraCluster seen)
    {
        if (change.Image is not { } image)
            return true;
        var uses = new List<GaleraImageUse>();
        foreach (var node in seen.GaleraNodes.Where(node => !node.IsArbitrator))
        {
            if (
                !change.IsIn(await ServiceAsync(node).ConfigureAwait(false))
                && swarm.Nodes.FirstOrDefault(host => host.Name == node.Node) is { } host
            )
                uses.Add(new GaleraImageUse(host, image, IsArbitrator: false));
        }

        var service = await ServiceAsync(seen.GaleraNodes[0]).ConfigureAwait(false);
        var images = new GaleraImages(context, change.Registry, request.ThrottleLimit)
        {
            SkipRegistry = change.SkipImage,
            StartThemselves = service.Template?["ContainerSpec"]?["Command"] is null,
            Tls = service.Labels.ContainsKey(GaleraNames.TlsLabel),
        };
        return await images.CheckAsync(uses, Activity).ConfigureAwait(false);
    }

    private async Task<GaleraCluster> ReadAsync() =>
        await reader.ReadAsync(request.Name, [.. (await reader.ServicesAsync().ConfigureAwait(false))[request.Name]]).ConfigureAwait(false);

    private async Task<ServiceState> ServiceAsync(GaleraNode node) =>
        await ServiceReader.FindAsync(swarm, node.Service).ConfigureAwait(false)
        ?? throw ServiceErrors.ServiceNotFound(node.Service, swarm.SwarmId);

    private Task<GaleraCluster> SettledAsync() => new ClusterWatch(context, ReadAsync, Activity).UntilStillAsync(SettleLimit, SettleLimit);

    /// <summary>Waits until every node is in the cluster.</summary>
    private async Task RequireWholeAsync(string before)
    {
        var seen = await SettledAsync().ConfigureAwait(false);
        if (!ClusterWatch.IsWhole(seen))
            throw RestartErrors.GaleraNotWhole(seen, $"Before the restart of {before},");
    }

    /// <summary>The cluster, and a node that may be out of it because it lacks this change, such as one that cannot start with its current options.</summary>
    private async Task<(GaleraCluster Seen, string? Lame)> BeginAsync()
    {
        var seen = await SettledAsync().ConfigureAwait(false);
        if (ClusterWatch.IsWhole(seen))
            return (seen, null);
        if (!change.IsAny || RestartOrder.OnlyOneOut(seen) is not { } lame || change.IsIn(await ServiceAsync(lame).ConfigureAwait(false)))
            throw RestartErrors.GaleraNotWhole(seen, "At present");
        context.WriteWarning(
            $"'{lame.Node}' is not in the cluster '{request.Name}' ({GaleraWait.Words(lame, seen)}) and all other nodes are Synced, so it gets the change first."
        );
        return (seen, lame.Node);
    }

    /// <returns>False if the user declined a step.</returns>
    private async Task<bool> StepAsync(IReadOnlyList<GaleraNode> order, GaleraCluster seen, string? lame)
    {
        var consented = true;
        for (var index = 0; index < order.Count; index++)
        {
            try
            {
                consented &= await StepAsync(order[index], seen, order[index].Node == lame).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                throw RestartErrors.GaleraRestartStopped(order[index].Node, [.. order.Skip(index + 1).Select(node => node.Node)], error);
            }
        }

        return consented;
    }

    private async Task<bool> StepAsync(GaleraNode node, GaleraCluster seen, bool isLame)
    {
        // An arbitrator has no server options and may have its own image.
        if (node.IsArbitrator && change.IsAny)
            return true;
        var service = await ServiceAsync(node).ConfigureAwait(false);
        if (change.IsIn(service))
        {
            context.WriteVerbose($"'{node.Service}' is already up to date.");
            return true;
        }

        if (!await context.ShouldProcessAsync($"{request.Name} on {node.Node}", $"Restart the node{change}").ConfigureAwait(false))
            return false;
        if (!isLame)
            await RequireWholeAsync(node.Node).ConfigureAwait(false);
        var clock = Stopwatch.StartNew();
        if (seen.Layout == GaleraLayout.Global)
        {
            var power = new NodeSwitch(swarm, reader, request.Name);
            await power.StopAsync(node).ConfigureAwait(false);
            await power.StartAsync(node).ConfigureAwait(false);
        }
        else
        {
            await new TaskReplacement(swarm, request.Timeout, registryAuth)
                .RunAsync(service, change.Apply, node.Node)
                .ConfigureAwait(false);
        }

        await ArriveAsync(node.Node, seen, clock).ConfigureAwait(false);
        return true;
    }

    /// <summary>A change of one service for all nodes.</summary>
    /// <returns>False if the user declined.</returns>
    private async Task<bool> RollAsync(GaleraCluster seen, string? lame)
    {
        var service = seen.GaleraNodes[0].Service;
        var roll = new GlobalRoll(swarm, service, change, new TaskReplacement(swarm, request.Timeout, registryAuth));
        var outdated = await roll.OutdatedAsync().ConfigureAwait(false);
        if (
            outdated.Count > 0
            && !await context
                .ShouldProcessAsync(
                    $"{request.Name} on {string.Join(", ", outdated)}",
                    $"Restart the nodes one at a time, in the swarm's order,{change}"
                )
                .ConfigureAwait(false)
        )
            return false;
        while (outdated.Count > 0)
        {
            var node = $"one of {string.Join(", ", outdated)}";
            try
            {
                if (lame is null)
                    await RequireWholeAsync("the next node").ConfigureAwait(false);
                lame = null;
                var clock = Stopwatch.StartNew();
                node = await roll.NextAsync().ConfigureAwait(false);
                await ArriveAsync(node, seen, clock).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                throw RestartErrors.GaleraRestartStopped(node, [.. outdated.Where(other => other != node)], error);
            }

            outdated = await roll.OutdatedAsync().ConfigureAwait(false);
        }

        await roll.EndAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>Waits until the whole cluster is Synced again.</summary>
    private async Task ArriveAsync(string node, GaleraCluster seen, Stopwatch clock)
    {
        await new GaleraWait(context, ReadAsync, Activity)
            .ForAsync([.. seen.GaleraNodes.Select(other => other.Node)], seen.ExpectedSize, change.Image ?? seen.Image, request.Timeout)
            .ConfigureAwait(false);
        context.WriteVerbose(
            string.Create(CultureInfo.InvariantCulture, $"'{node}' is Synced again after {clock.Elapsed.TotalSeconds:0.0} s.")
        );
    }
}
