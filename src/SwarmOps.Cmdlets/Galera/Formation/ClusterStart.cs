using System.Text;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Formation;

/// <summary>Carries out what was decided about a cluster: prepares its hosts, secrets and configs, and starts its nodes.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="cluster">The cluster, with the settings of the existing one.</param>
/// <param name="decision">Which node bootstraps.</param>
/// <param name="options">How the services are deployed; the time limit applies to each node.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="reader">Reads the cluster.</param>
internal sealed class ClusterStart(
    IOperationContext context,
    GaleraRequest cluster,
    FoundingDecision decision,
    ServiceOptions options,
    SwarmSession swarm,
    GaleraReader reader
)
{
    private const string Activity = "New-GaleraService";

    private readonly DataDirectories disks = new(context, cluster, options.ThrottleLimit);

    /// <summary>Prepares and starts the cluster, and writes it to the pipeline.</summary>
    /// <param name="places">The hosts of its nodes.</param>
    /// <param name="directories">The data directories there.</param>
    /// <param name="services">Its services, if it exists.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="GaleraErrors"/>, of services and the transport.</exception>
    public async Task RunAsync(
        IReadOnlyList<GaleraPlace> places,
        IReadOnlyList<DataDirectory> directories,
        IReadOnlyList<ServiceState> services
    )
    {
        var fit = await CheckImagesAsync(places, services).ConfigureAwait(false);
        if (await PrepareAsync(directories).ConfigureAwait(false) && fit)
            await StartAsync(Ordered(places)).ConfigureAwait(false);
        else if (context.IsWhatIf)
            await ShowServicesAsync(Ordered(places), services).ConfigureAwait(false);
    }

    /// <summary>The bootstrap node first, the arbitrator last.</summary>
    private List<GaleraPlace> Ordered(IReadOnlyList<GaleraPlace> places) =>
        [
            .. places.OrderBy(place =>
                place == decision.Founder ? 0
                : place.IsArbitrator ? 2
                : 1
            ),
        ];

    private async Task<IReadOnlyList<ServiceState>> ServicesAsync() =>
        [.. (await reader.ServicesAsync().ConfigureAwait(false))[cluster.Name]];

    /// <summary>The images of services that do not exist yet or run another image.</summary>
    private Task<bool> CheckImagesAsync(IReadOnlyList<GaleraPlace> places, IReadOnlyList<ServiceState> services)
    {
        var uses = places
            .Select(place => (Place: place, Image: GaleraServices.Image(cluster, place)))
            .Where(use =>
                !services.Any(service => service.Name == use.Place.Service && service.Image.Split('@')[0] == use.Image.Split('@')[0])
            )
            .Select(use => new GaleraImageUse(use.Place.Node, use.Image, use.Place.IsArbitrator));
        return new GaleraImages(context, options.Registry, options.ThrottleLimit)
        {
            SkipRegistry = options.SkipImage,
            StartThemselves = cluster.ImageBootstraps,
            Tls = cluster.HasTls,
        }.CheckAsync([.. uses], Activity);
    }

    /// <summary>Creates directories, bootstrap marker, secrets and configs.</summary>
    /// <returns>Whether all exist; false if the user declined.</returns>
    private async Task<bool> PrepareAsync(IReadOnlyList<DataDirectory> directories)
    {
        var ready = await disks.MakeAsync(directories).ConfigureAwait(false);
        foreach (var name in GaleraServices.Passwords(cluster))
            ready &= await EnsureAsync(StoredKind.Secret, name, () => SecretGenerator.Generate(32)).ConfigureAwait(false);
        if (cluster.HasTls)
            ready &= await EnsureAsync(
                    StoredKind.Secret,
                    GaleraNames.TlsSecret(cluster.Name),
                    () => ClusterCertificate.Create(cluster.Name)
                )
                .ConfigureAwait(false);
        foreach (var (script, _) in GaleraServices.Scripts(cluster))
            ready &= await EnsureAsync(StoredKind.Config, script.ConfigName, () => Encoding.UTF8.GetBytes(script.Text))
                .ConfigureAwait(false);
        if (
            cluster.ImageBootstraps
            || decision.Founder is not { } founder
            || directories.Any(directory => directory is { HasMarker: true, IsMarkerStale: false })
        )
            return ready;
        // Confirmed even if the directories are missing, so that -WhatIf shows every step.
        if (
            !await context
                .ShouldProcessAsync(
                    founder.Node.Name,
                    $"Bootstrap the cluster '{cluster.Name}' ({(directories.Any(directory => directory.HasMarker) ? "its bootstrap marker is from before the last boot of the host" : "every data directory is empty")})"
                )
                .ConfigureAwait(false) || !ready
        )
            return false;
        await disks.MarkAsync(founder).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> EnsureAsync(StoredKind kind, string name, Func<byte[]> value)
    {
        var labels = new Dictionary<string, string> { [GaleraNames.ClusterLabel] = cluster.Name };
        return await StoredItems.EnsureAsync(context, swarm.View, kind, name, labels, value).ConfigureAwait(false) is not null;
    }

    private async Task ShowServicesAsync(IReadOnlyList<GaleraPlace> places, IReadOnlyList<ServiceState> services)
    {
        foreach (
            var place in places.DistinctBy(place => place.Service).Where(place => services.All(service => service.Name != place.Service))
        )
            await context
                .ShouldProcessAsync(
                    $"swarm {swarm.SwarmId}",
                    $"Create the service '{place.Service}' (image {cluster.Image}{(cluster.Layout == GaleraLayout.Global ? "" : $", on {place.Node.Name}")})"
                )
                .ConfigureAwait(false);
    }

    private async Task StartAsync(IReadOnlyList<GaleraPlace> places)
    {
        var refused = false;
        var started = new List<GaleraPlace>();
        foreach (var place in places)
        {
            if (cluster.Layout == GaleraLayout.PerRegion || started.Count == 0)
                refused |= !await BringAsync(place).ConfigureAwait(false);
            started.Add(place);
            // The other nodes of a global service start with the first and wait until they can join it.
            if (!refused)
                await WaitAsync(place, started.Count).ConfigureAwait(false);
        }

        if (refused)
            return;
        if (
            decision.Founder is { } founder
            && !cluster.ImageBootstraps
            && await context.ShouldProcessAsync(founder.Node.Name, "Remove the bootstrap marker").ConfigureAwait(false)
        )
            await disks.UnmarkAsync(founder).ConfigureAwait(false);
        var whole = await WaitAsync(started, started.Count).ConfigureAwait(false);
        await new HolderRecord(context, new ServiceUpdater(swarm)).KeepAsync(whole, await ServicesAsync().ConfigureAwait(false));
        if (cluster.Strict is true && StrictMode.Lacking(whole.GaleraNodes) is { Count: > 0 } lacking)
            context.WriteWarning(
                $"The server on {string.Join(", ", lacking.Select(node => $"'{node.Node}' ({node.Version})"))} has no wsrep_mode, so -Strict has no effect there. Use an image of MariaDB 10.6 or later."
            );
        context.WriteObject(whole);
    }

    private async Task<bool> BringAsync(GaleraPlace place)
    {
        try
        {
            var deployment = new ServiceDeployment(context, swarm, options with { Stable = TimeSpan.Zero });
            return await deployment
                .BringAsync(GaleraServices.Of(cluster, place, place.Node.NodeId ?? ""), null, mayCreate: true)
                .ConfigureAwait(false)
                is not null;
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(ServiceErrors.ServiceNotConverged) && IsImageFault(error.Message))
        {
            throw GaleraErrors.GaleraImageUnfit(cluster.Image, error.Message);
        }
    }

    /// <summary>The start script reports what the image lacks; without bash it cannot run at all.</summary>
    private static bool IsImageFault(string message) =>
        message.Contains("the image lacks", StringComparison.Ordinal)
        || (
            message.Contains(GaleraNames.StartTarget, StringComparison.Ordinal)
            && message.Contains("no such file", StringComparison.Ordinal)
        );

    private async Task<GaleraCluster> ReadAsync() =>
        await reader.ReadAsync(cluster.Name, await ServicesAsync().ConfigureAwait(false)).ConfigureAwait(false);

    private Task<GaleraCluster> WaitAsync(GaleraPlace place, int size) => WaitAsync([place], size);

    private Task<GaleraCluster> WaitAsync(IReadOnlyList<GaleraPlace> places, int size) =>
        new GaleraWait(context, ReadAsync, Activity).ForAsync(
            [.. places.Select(place => place.Node.Name)],
            size,
            cluster.Image,
            options.Timeout
        );
}
