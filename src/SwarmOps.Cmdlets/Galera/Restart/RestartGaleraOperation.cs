using System.Diagnostics;
using System.Globalization;
using SwarmOps.Galera.Formation;
using SwarmOps.Galera.Repair;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm;

namespace SwarmOps.Galera.Restart;

/// <summary>Restarts a cluster's nodes one at a time, each Synced again before the next, and stops at the first trouble.</summary>
/// <param name="context">The stage that works.</param>
/// <param name="wanted">What is changed with it.</param>
/// <param name="timeout">How long each node may take until it is Synced.</param>
/// <param name="throttleLimit">How many nodes are asked at the same time.</param>
internal sealed class RestartGaleraOperation(IOperationContext context, RestartChange wanted, TimeSpan timeout, int throttleLimit)
{
    private const string Activity = "Step-GaleraRestart";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    /// <summary>How long a node may be Donor, or not yet counted by all, before it is taken for trouble.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(30);

    private RestartChange change = wanted;
    private SwarmAccess swarm = null!;
    private GaleraReader reader = null!;
    private string name = "";
    private string? login;

    /// <summary>Restarts one cluster and emits it.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="RestartErrors"/>, <see cref="GaleraErrors"/>, of services and the transport.</exception>
    public async Task RunAsync(IReadOnlyList<SwarmNode> nodes, string cluster, string? last)
    {
        name = cluster;
        swarm = await SwarmAccess.OpenAsync(context, nodes, throttleLimit, Patience).ConfigureAwait(false);
        reader = new GaleraReader(swarm, throttleLimit);
        if (!(await reader.ServicesAsync().ConfigureAwait(false)).Contains(name))
            throw GaleraErrors.GaleraNotFound(name, swarm.SwarmId);
        var seen = await WholeAsync("").ConfigureAwait(false);
        if ((seen.ExpectedSize - 1) * 2 <= seen.ExpectedSize)
            throw RestartErrors.GaleraBelowQuorum(seen);
        if (seen.Layout == GaleraLayout.Global && change.IsAny)
            throw RestartErrors.GaleraChangeNeedsServices(name);

        var refused = !await CheckImageAsync(seen).ConfigureAwait(false);
        var order = RestartOrder.Of(seen.GaleraNode, last).ToList();
        foreach (var node in order)
        {
            var left = order[(order.IndexOf(node) + 1)..];
            try
            {
                refused |= !await StepAsync(node, seen).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                throw RestartErrors.GaleraRestartStopped(node, left, error);
            }
        }

        if (!refused)
            context.WriteObject(await ReadAsync().ConfigureAwait(false));
    }

    /// <summary>A new image, pinned and on all nodes before the first is stopped.</summary>
    private async Task<bool> CheckImageAsync(GaleraCluster seen)
    {
        if (change.Image is not { } image)
            return true;
        login = change.Registry is { } registry ? await registry.HeaderAsync(image, context.CancellationToken).ConfigureAwait(false) : null;
        var found = await new ReferenceResolver(swarm, login) { SkipImage = change.SkipImage }.ResolveAsync(new ServiceRequest { Name = name, Image = image }).ConfigureAwait(false);
        change = change with { Image = found.PinnedImage ?? image };
        var uses = new List<GaleraImageUse>();
        foreach (var node in seen.GaleraNode.Where(node => !node.IsArbitrator))
        {
            if (!change.IsIn(await ServiceAsync(node).ConfigureAwait(false)) && swarm.Nodes.FirstOrDefault(host => host.Name == node.Node) is { } host)
                uses.Add(new GaleraImageUse(host, change.Image!, IsArbitrator: false));
        }

        var service = await ServiceAsync(seen.GaleraNode[0]).ConfigureAwait(false);
        var images = new GaleraImages(context, change.Registry, throttleLimit)
        {
            SkipRegistry = change.SkipImage,
            StartThemselves = service.Template?["ContainerSpec"]?["Command"] is null,
            Tls = service.Labels.ContainsKey(GaleraNames.TlsLabel),
        };
        return await images.CheckAsync(uses, Activity).ConfigureAwait(false);
    }

    private async Task<GaleraCluster> ReadAsync() => await reader.ReadAsync(name, [.. (await reader.ServicesAsync().ConfigureAwait(false))[name]]).ConfigureAwait(false);

    private async Task<ServiceState> ServiceAsync(GaleraNode node) =>
        await ServiceReader.FindAsync(swarm, node.Service).ConfigureAwait(false) ?? throw ServiceErrors.ServiceNotFound(node.Service, swarm.SwarmId);

    /// <summary>The cluster with every node in it; what passes by itself is waited for.</summary>
    private async Task<GaleraCluster> WholeAsync(string before)
    {
        var seen = await new ClusterWatch(context, ReadAsync, Activity).UntilStillAsync(SettleLimit, SettleLimit).ConfigureAwait(false);
        return ClusterWatch.IsWhole(seen) ? seen : throw RestartErrors.GaleraNotWhole(seen, before.Length > 0 ? $"Before {before} was restarted" : "The cluster");
    }

    private async Task<bool> StepAsync(GaleraNode node, GaleraCluster seen)
    {
        // Options are the server's, and an arbitrator may have an image of its own.
        if (node.IsArbitrator && change.IsAny)
            return true;
        if (change.IsIn(await ServiceAsync(node).ConfigureAwait(false)))
        {
            context.WriteVerbose($"'{node.Service}' is so already.");
            return true;
        }

        if (!await context.ShouldProcessAsync($"{name} on {node.Node}", $"restart the node{change}").ConfigureAwait(false))
            return false;
        await WholeAsync(node.Node).ConfigureAwait(false);
        var clock = Stopwatch.StartNew();
        if (seen.Layout == GaleraLayout.Global)
        {
            var power = new NodeSwitch(swarm, reader, name);
            await power.StopAsync(node).ConfigureAwait(false);
            await power.StartAsync(node).ConfigureAwait(false);
        }
        else
        {
            await ReplaceAsync(node).ConfigureAwait(false);
        }

        await new GaleraWait(context, ReadAsync, Activity).ForAsync([.. seen.GaleraNode.Select(other => other.Node)], seen.ExpectedSize, change.Image ?? seen.Image, timeout).ConfigureAwait(false);
        context.WriteVerbose(string.Create(CultureInfo.InvariantCulture, $"'{node.Node}' is Synced again after {clock.Elapsed.TotalSeconds:0.0} s."));
        return true;
    }

    /// <summary>Has the swarm replace a service's task, and waits until the new one has a container: the old one still says Synced for a while.</summary>
    private async Task ReplaceAsync(GaleraNode node)
    {
        var service = await ServiceAsync(node).ConfigureAwait(false);
        var before = (await ServiceReader.TasksAsync(swarm, [service.Id]).ConfigureAwait(false)).Select(task => task.Id).ToHashSet();
        await new ServiceUpdater(swarm, login).UpdateAsync(service.Id, change.Apply).ConfigureAwait(false);
        var deadline = Deadline.In(timeout);
        while (true)
        {
            var fresh = (await ServiceReader.TasksAsync(swarm, [service.Id]).ConfigureAwait(false)).Where(task => !before.Contains(task.Id)).ToList();
            if (fresh.Any(task => task.ContainerId is not null && task.State is "starting" or "running"))
                return;
            if (fresh.FirstOrDefault(task => task.HasFailed) is { } failed && fresh.Count(task => task.HasFailed) > 1)
                throw GaleraErrors.GaleraNodeNotSynced(node.Node, TaskWords.Of(failed.Error), timeout);
            if (!deadline.LeavesTimeFor(Pause))
                throw GaleraErrors.GaleraNodeNotSynced(node.Node, "the old container does not end", timeout);
            await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
        }
    }
}
