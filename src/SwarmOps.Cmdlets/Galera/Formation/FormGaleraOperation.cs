using System.Text;
using Docker.DotNet.Models;
using SwarmOps.Galera.Repair;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Formation;

/// <summary>Forms a Galera cluster, or adds missing nodes: one node bootstraps, the others join one at a time, each until it is Synced.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="request">The cluster.</param>
/// <param name="options">How the services are deployed; the time limit applies to each node.</param>
internal sealed class FormGaleraOperation(IOperationContext context, GaleraRequest request, ServiceOptions options)
{
    private const string Activity = "New-GaleraService";

    private readonly DataDirectories disks = new(context, request, options.ThrottleLimit);
    private SwarmSession swarm = null!;
    private GaleraReader reader = null!;

    /// <summary>Runs the operation and writes the cluster to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="GaleraErrors"/>, of services and the transport.</exception>
    public async Task RunAsync(IReadOnlyList<SwarmNode> nodes)
    {
        GaleraRules.Check(request);
        swarm = await SwarmSession.OpenAsync(context, nodes, options.ThrottleLimit, options.Patience).ConfigureAwait(false);
        reader = new GaleraReader(swarm, options.ThrottleLimit);
        await RequireOverlayAsync().ConfigureAwait(false);

        var services = await ServicesAsync().ConfigureAwait(false);
        request = GaleraPresence.WithTls(request, services);
        GaleraPresence.Require(request, services);
        request = GaleraPresence.Complete(request, services);
        if (GaleraPresence.StaysPlain(request, services))
            context.WriteWarning($"The cluster '{request.Name}' runs without TLS between its nodes: any container on its overlay network can join it on port 4567 and receive all data. It was not changed, because TLS cannot be enabled while a cluster runs; see docs/galera.md, TLS. To suppress this warning, specify -Tls:$false.");
        var present = services.Count == 0 ? null : await reader.ReadAsync(request.Name, services).ConfigureAwait(false);
        var isPrimary = present?.GaleraNodes.Any(ClusterWatch.IsPrimary) is true;
        // Checked before choosing among the hosts that answer, because the others may hold the data.
        var elsewhere = isPrimary || services.Count == 0 || request.ImageBootstraps ? [] : await LookElsewhereAsync(services, []).ConfigureAwait(false);
        var places = GaleraPlacement.Decide(request, swarm.Nodes, Present(services));
        RequireWholeSwarm(places);
        var directories = await disks.LookAsync([.. places.Where(place => !place.IsArbitrator)]).ConfigureAwait(false);
        if (services.Count == 0 && !request.ImageBootstraps)
            elsewhere = await LookElsewhereAsync(services, places).ConfigureAwait(false);
        var isSamePath = GaleraHosts.Path(request, services) == request.DataPath;
        var decision = FoundingDecision.Make(request, directories, present, [.. elsewhere.Where(other => !isSamePath || places.All(place => place.Node.Name != other.Place.Node.Name))]);
        request = GaleraPresence.WithAccess(request, places, directories, services);

        var fit = await CheckImagesAsync(places, services).ConfigureAwait(false);
        if (await PrepareAsync(directories, decision).ConfigureAwait(false) && fit)
            await StartAsync(Ordered(places, decision), decision).ConfigureAwait(false);
        else
            await ShowServicesAsync(Ordered(places, decision), services).ConfigureAwait(false);
    }

    /// <summary>The bootstrap node first, the arbitrator last.</summary>
    private static List<GaleraPlace> Ordered(IReadOnlyList<GaleraPlace> places, FoundingDecision decision) => [.. places.OrderBy(place => place == decision.Founder ? 0 : place.IsArbitrator ? 2 : 1)];

    private static Dictionary<string, string> Present(IReadOnlyList<ServiceState> services) => services
        .Where(service => service.Labels.ContainsKey(GaleraNames.RegionLabel))
        .OrderBy(service => service.Labels.GetValueOrDefault(GaleraNames.SegmentLabel)?.Length)
        .ThenBy(service => service.Labels.GetValueOrDefault(GaleraNames.SegmentLabel), StringComparer.Ordinal)
        .ToDictionary(service => service.Labels[GaleraNames.RegionLabel], service => service.Labels.GetValueOrDefault(GaleraNames.NodeLabel, ""), StringComparer.Ordinal);

    private async Task<IReadOnlyList<ServiceState>> ServicesAsync() => [.. (await reader.ServicesAsync().ConfigureAwait(false))[request.Name]];

    private async Task RequireOverlayAsync()
    {
        var networks = await swarm.ReadNetworksAsync().ConfigureAwait(false);
        if (!networks.Any(network => network.Name == request.Overlay && network.Driver == "overlay" && network.Scope == "swarm"))
            throw GaleraErrors.GaleraOverlayNotFound(request.Overlay, swarm.SwarmId);
    }

    private void RequireWholeSwarm(IReadOnlyList<GaleraPlace> places)
    {
        if (request.Layout != GaleraLayout.Global)
            return;
        var missing = swarm.Members.Where(member => places.All(place => place.Node.NodeId != member.Key)).Select(member => member.Value.Name).ToList();
        if (missing.Count > 0)
            throw GaleraErrors.GaleraSetIncomplete(missing);
    }

    /// <summary>Inspects every other host that may hold data of this cluster. All must be readable.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraHostsUnseen</c>.</exception>
    private async Task<IReadOnlyList<DataDirectory>> LookElsewhereAsync(IReadOnlyList<ServiceState> services, IReadOnlyList<GaleraPlace> seen)
    {
        var known = swarm.Nodes.Concat(swarm.Silent.Select(report => report.Node)).ToList();
        var all = await ServiceReader.ListAsync(swarm).ConfigureAwait(false);
        var tasks = await ServiceReader.TasksAsync(swarm).ConfigureAwait(false);
        // The data at the same path there belongs to another cluster, which is running.
        var foreign = all.Where(service => service.Labels.TryGetValue(GaleraNames.ClusterLabel, out var name) && name != request.Name && service.Labels.GetValueOrDefault(GaleraNames.DataPathLabel) == request.DataPath).ToList();
        var taken = GaleraHosts.Of(foreign, tasks, swarm.Members);
        var possible = services.Count > 0
            ? GaleraHosts.Of(services, tasks, swarm.Members)
            : GaleraHosts.Possible(request, known, swarm.View.Members.Select(member => (swarm.Members[member.ID], IsDown(member)))).Where(host => !taken.Contains(host));
        var hosts = possible.Where(host => seen.All(place => place.Node.Name != host)).ToList();
        var (found, unseen) = await disks.LookElsewhereAsync([.. known.Where(node => hosts.Contains(node.Name))], GaleraHosts.Path(request, services)).ConfigureAwait(false);
        unseen = [.. unseen, .. hosts.Where(host => known.All(node => node.Name != host))];
        return unseen.Count == 0 ? found : throw GaleraErrors.GaleraHostsUnseen(request.Name, unseen);
    }

    private static bool IsDown(NodeListResponse member) => member.Status?.State is not "ready";

    /// <summary>The images of services that do not exist yet or run another image.</summary>
    private Task<bool> CheckImagesAsync(IReadOnlyList<GaleraPlace> places, IReadOnlyList<ServiceState> services)
    {
        var uses = places.Select(place => (Place: place, Image: GaleraServices.Image(request, place)))
            .Where(use => !services.Any(service => service.Name == use.Place.Service && service.Image.Split('@')[0] == use.Image.Split('@')[0]))
            .Select(use => new GaleraImageUse(use.Place.Node, use.Image, use.Place.IsArbitrator));
        return new GaleraImages(context, options.Registry, options.ThrottleLimit) { SkipRegistry = options.SkipImage, StartThemselves = request.ImageBootstraps, Tls = request.HasTls }.CheckAsync([.. uses], Activity);
    }

    /// <summary>Creates directories, bootstrap marker, secrets and configs.</summary>
    /// <returns>Whether all exist; false if the user declined.</returns>
    private async Task<bool> PrepareAsync(IReadOnlyList<DataDirectory> directories, FoundingDecision decision)
    {
        var ready = await disks.MakeAsync(directories).ConfigureAwait(false);
        foreach (var name in GaleraServices.Passwords(request))
            ready &= await EnsureAsync(StoredKind.Secret, name, () => SecretGenerator.Generate(32)).ConfigureAwait(false);
        if (request.HasTls)
            ready &= await EnsureAsync(StoredKind.Secret, GaleraNames.TlsSecret(request.Name), () => ClusterCertificate.Create(request.Name)).ConfigureAwait(false);
        foreach (var (script, _) in GaleraServices.Scripts(request))
            ready &= await EnsureAsync(StoredKind.Config, script.ConfigName, () => Encoding.UTF8.GetBytes(script.Text)).ConfigureAwait(false);
        if (request.ImageBootstraps || decision.Founder is not { } founder || directories.Any(directory => directory is { HasMarker: true, IsMarkerStale: false }))
            return ready;
        // Confirmed even if the directories are missing, so that -WhatIf shows every step.
        if (!await context.ShouldProcessAsync(founder.Node.Name, $"Bootstrap the cluster '{request.Name}' ({(directories.Any(directory => directory.HasMarker) ? "its bootstrap marker is from before the last boot of the host" : "every data directory is empty")})").ConfigureAwait(false) || !ready)
            return false;
        await disks.MarkAsync(founder).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> EnsureAsync(StoredKind kind, string name, Func<byte[]> value)
    {
        var labels = new Dictionary<string, string> { [GaleraNames.ClusterLabel] = request.Name };
        return await StoredItems.EnsureAsync(context, swarm.View, kind, name, labels, value).ConfigureAwait(false) is not null;
    }

    private async Task ShowServicesAsync(IReadOnlyList<GaleraPlace> places, IReadOnlyList<ServiceState> services)
    {
        foreach (var place in places.DistinctBy(place => place.Service).Where(place => services.All(service => service.Name != place.Service)))
            await context.ShouldProcessAsync($"swarm {swarm.SwarmId}", $"Create the service '{place.Service}' (image {request.Image}{(request.Layout == GaleraLayout.Global ? "" : $", on {place.Node.Name}")})").ConfigureAwait(false);
    }

    private async Task StartAsync(IReadOnlyList<GaleraPlace> places, FoundingDecision decision)
    {
        var refused = false;
        var started = new List<GaleraPlace>();
        foreach (var place in places)
        {
            if (request.Layout == GaleraLayout.PerRegion || started.Count == 0)
                refused |= !await BringAsync(place).ConfigureAwait(false);
            started.Add(place);
            // The other nodes of a global service start with the first and wait until they can join it.
            if (!refused)
                await WaitAsync(place, started.Count).ConfigureAwait(false);
        }

        if (refused)
            return;
        if (decision.Founder is { } founder && !request.ImageBootstraps && await context.ShouldProcessAsync(founder.Node.Name, "Remove the bootstrap marker").ConfigureAwait(false))
            await disks.UnmarkAsync(founder).ConfigureAwait(false);
        var cluster = await WaitAsync(started, started.Count).ConfigureAwait(false);
        await new HolderRecord(context, new ServiceUpdater(swarm)).KeepAsync(cluster, await ServicesAsync().ConfigureAwait(false));
        context.WriteObject(cluster);
    }

    private async Task<bool> BringAsync(GaleraPlace place)
    {
        try
        {
            var putting = new PutServiceOperation(context, options with { Stable = TimeSpan.Zero });
            return await putting.BringAsync(swarm, GaleraServices.Of(request, place, place.Node.NodeId ?? ""), null, mayCreate: true).ConfigureAwait(false) is not null;
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(ServiceErrors.ServiceNotConverged) && IsImageFault(error.Message))
        {
            throw GaleraErrors.GaleraImageUnfit(request.Image, error.Message);
        }
    }

    /// <summary>The start script reports what the image lacks; without bash it cannot run at all.</summary>
    private static bool IsImageFault(string message) => message.Contains("the image lacks", StringComparison.Ordinal)
        || (message.Contains(GaleraNames.StartTarget, StringComparison.Ordinal) && message.Contains("no such file", StringComparison.Ordinal));

    private async Task<GaleraCluster> ReadAsync() => await reader.ReadAsync(request.Name, await ServicesAsync().ConfigureAwait(false)).ConfigureAwait(false);

    private Task<GaleraCluster> WaitAsync(GaleraPlace place, int size) => WaitAsync([place], size);

    private Task<GaleraCluster> WaitAsync(IReadOnlyList<GaleraPlace> places, int size) =>
        new GaleraWait(context, ReadAsync, Activity).ForAsync([.. places.Select(place => place.Node.Name)], size, request.Image, options.Timeout);
}
