using System.Text;
using SwarmOps.Folders.Proof;
using SwarmOps.Folders.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Folders.Formation;

/// <summary>Carries out what was decided about a folder: prepares hosts, identities and settings, starts the copies, and proves them.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="folder">The folder.</param>
/// <param name="options">How the services are deployed; the time limit applies to a standstill of the copy.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="reader">Reads the folder.</param>
internal sealed class FolderStart(
    IOperationContext context,
    FolderRequest folder,
    ServiceOptions options,
    SwarmSession swarm,
    FolderReader reader
)
{
    /// <summary>What is asked for in every run, also if nothing is changed.</summary>
    public const string ProofAction = "Write a test file on each node and look for it on the others";

    private const string Activity = "New-SwarmSharedFolder";

    private const long CanaryBytes = 1024;

    /// <summary>A test file takes seconds even over a slow WAN.</summary>
    private static readonly TimeSpan CanaryLimit = TimeSpan.FromSeconds(60);

    private Dictionary<string, string> Labels => new() { [FolderNames.FolderLabel] = folder.Name };

    /// <summary>Does it, and writes the folder to the pipeline.</summary>
    /// <param name="plan">What was decided.</param>
    /// <param name="services">The folder's services so far.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="FolderErrors"/>, of services and the transport.</exception>
    public async Task RunAsync(FolderPlan plan, IReadOnlyList<ServiceState> services)
    {
        var isReady = await PrepareHostsAsync(plan).ConfigureAwait(false);
        var devices = await IdentitiesAsync(plan.Places).ConfigureAwait(false);
        isReady &= devices.Count == plan.Places.Count && await SettingsAsync(devices, services.Count > 0).ConfigureAwait(false);
        if (!isReady)
        {
            if (context.IsWhatIf)
                await ShowServicesAsync(plan, services).ConfigureAwait(false);
            return;
        }

        if (!await DeployAsync(plan).ConfigureAwait(false) || !await DropDepartedAsync(services).ConfigureAwait(false))
            return;
        var isProofWanted = await context.ShouldProcessAsync($"folder '{folder.Name}'", ProofAction).ConfigureAwait(false);
        if (!isProofWanted)
            return;
        var nodes = plan.Places.Where(place => place.Node is not null && IsRunnable(place)).Select(place => place.Name).ToList();
        if (nodes.Count < 2)
            context.WriteWarning(
                $"Only {(nodes.Count == 0 ? "no node" : $"'{nodes[0]}'")} of the node set has a copy that runs, so no test file could be looked for on another node. Pass all nodes of the folder."
            );
        var whole = await new FolderWait(context, ReadAsync, Activity).ForAsync(nodes, options.Timeout).ConfigureAwait(false);
        await ProveAsync(nodes).ConfigureAwait(false);
        await RemoveOldSettingsAsync().ConfigureAwait(false);
        context.WriteObject(whole);
    }

    /// <summary>Whether a copy can run now, according to a manager.</summary>
    private bool IsRunnable(FolderPlace place) => swarm.View.Find(place.NodeId) is { Status.State: "ready", Spec.Availability: "active" };

    private async Task<bool> PrepareHostsAsync(FolderPlan plan)
    {
        var all = true;
        foreach (var host in plan.Source.Aside)
        {
            if (
                !await context
                    .ShouldProcessAsync(
                        host.Place.Name,
                        $"Move the {host.Files} files in {folder.Path} aside, into {host.Real}.swarmops-aside-TIME, and copy those of '{plan.Source.Source?.Place.Name}'"
                    )
                    .ConfigureAwait(false)
            )
            {
                all = false;
                continue;
            }

            var aside = await plan.Disks.SetAsideAsync(host.Place).ConfigureAwait(false);
            context.WriteWarning(
                $"The files in {folder.Path} on '{host.Place.Name}' are in {aside} now. Delete them when you do not need them."
            );
        }

        if (!all)
            return false;
        foreach (var host in plan.Joining)
        {
            if (
                await context
                    .ShouldProcessAsync(
                        host.Place.Name,
                        $"Keep a copy in {folder.Path} (owner {plan.Owner}{(host.Exists ? "" : ", which is created")})"
                    )
                    .ConfigureAwait(false)
            )
                await plan.Disks.PrepareAsync(host.Place, plan.Owner).ConfigureAwait(false);
            else
                all = false;
        }

        return all;
    }

    /// <summary>The device of each copy; new keys go into secrets, from which nobody can read them back.</summary>
    private async Task<IReadOnlyList<(FolderPlace Place, string DeviceId)>> IdentitiesAsync(IReadOnlyList<FolderPlace> places)
    {
        var devices = new List<(FolderPlace, string)>();
        foreach (var place in places)
        {
            var identity = DeviceIdentity.Create();
            var labels = Labels;
            (labels[FolderNames.NodeLabel], labels[FolderNames.DeviceLabel]) = (place.NodeId, identity.Id);
            var name = FolderNames.Identity(place.Service);
            var secret = await StoredItems
                .EnsureAsync(context, swarm.View, StoredKind.Secret, name, labels, () => identity.Pem)
                .ConfigureAwait(false);
            if (secret is not { } stored)
                continue;
            devices.Add(
                (place, stored.Item.Labels.GetValueOrDefault(FolderNames.DeviceLabel) ?? throw FolderErrors.FolderIdentityForeign(name))
            );
        }

        return devices;
    }

    /// <summary>The start script and the settings; settings that differ become a new version, which the services get when they are deployed.</summary>
    private async Task<bool> SettingsAsync(IReadOnlyList<(FolderPlace Place, string DeviceId)> devices, bool exists)
    {
        var script = FolderScript.Start;
        var isReady =
            await StoredItems
                .EnsureAsync(context, swarm.View, StoredKind.Config, script.ConfigName, Labels, () => Encoding.UTF8.GetBytes(script.Text))
                .ConfigureAwait(false)
            is not null;
        var name = FolderNames.Settings(folder.Name);
        var wanted = FolderSettings.Write(folder.Name, devices);
        var present = await StoredItems.FindAsync(swarm.Manager, StoredKind.Config, name, context.CancellationToken).ConfigureAwait(false);
        if (present is not null && present.Data.AsSpan().SequenceEqual(wanted))
            return isReady;
        var action = exists
            ? $"Create the config '{name}' for {devices.Count} nodes (the copies restart one after another)"
            : $"Create the config '{name}' for {devices.Count} nodes";
        if (!await context.ShouldProcessAsync($"swarm {swarm.SwarmId}", action).ConfigureAwait(false))
            return false;
        var labels = Labels;
        labels[FolderNames.PathLabel] = folder.Path;
        await StoredItems
            .CreateAsync(swarm.Manager, StoredKind.Config, name, (present?.Version ?? 0) + 1, labels, wanted, context.CancellationToken)
            .ConfigureAwait(false);
        return isReady;
    }

    /// <summary>The first copy alone, so that a fault stops the change there; then the others at the same time.</summary>
    private async Task<bool> DeployAsync(FolderPlan plan)
    {
        var runnable = plan.Places.Where(IsRunnable).ToList();
        foreach (var place in plan.Places.Except(runnable))
            context.WriteWarning(
                $"'{place.Name}' is not Ready and Active: the service of its copy is updated, but not waited for. Run the same command again when the node is back."
            );
        if (runnable.Count == 0)
            throw FolderErrors.FolderNodeNotUsable(plan.Places[0].Name);
        if (!await BringAsync(plan, runnable[0]).ConfigureAwait(false))
            return false;
        var brought = await Throttle
            .ForEachAsync(
                plan.Places.Where(place => place != runnable[0]),
                options.ThrottleLimit,
                place => BringAsync(plan, place),
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return brought.All(done => done);
    }

    private async Task<bool> BringAsync(FolderPlan plan, FolderPlace place)
    {
        var deployment = new ServiceDeployment(context, swarm, options with { Stable = TimeSpan.Zero, NoWait = !IsRunnable(place) });
        return await deployment.BringAsync(FolderServices.Of(folder, plan.Owner, place), null, mayCreate: true).ConfigureAwait(false)
            is not null;
    }

    private async Task ShowServicesAsync(FolderPlan plan, IReadOnlyList<ServiceState> services)
    {
        foreach (var place in plan.Places.Where(place => services.All(service => service.Name != place.Service)))
            await context
                .ShouldProcessAsync(
                    $"swarm {swarm.SwarmId}",
                    $"Create the service '{place.Service}' (image {FolderServices.Image(folder)}, on {place.Name})"
                )
                .ConfigureAwait(false);
    }

    /// <summary>Removes the services and identities of nodes that have left the swarm; the settings do not name them any more.</summary>
    private async Task<bool> DropDepartedAsync(IReadOnlyList<ServiceState> services)
    {
        var all = true;
        var secrets = await StoredItems.ListAsync(swarm.Manager, StoredKind.Secret, context.CancellationToken).ConfigureAwait(false);
        foreach (var service in FolderPlacement.Departed(services, swarm.Members))
        {
            if (
                !await context
                    .ShouldProcessAsync(
                        $"swarm {swarm.SwarmId}",
                        $"Remove the service '{service.Name}' and its identity: its node has left the swarm"
                    )
                    .ConfigureAwait(false)
            )
            {
                all = false;
                continue;
            }

            await new ServiceRemoval(context, swarm, options with { NoWait = true }).RunAsync(service).ConfigureAwait(false);
            foreach (var secret in secrets.Where(secret => secret.Name == FolderNames.Identity(service.Name)))
                await StoredItems.RemoveAsync(swarm.Manager, secret, context.CancellationToken).ConfigureAwait(false);
        }

        return all;
    }

    private async Task ProveAsync(IReadOnlyList<string> nodes)
    {
        context.WriteProgress(new OperationProgress(0, Activity, "Waiting for a test file of each node on the others"));
        var containers = await reader.ContainersAsync(await ServicesAsync().ConfigureAwait(false)).ConfigureAwait(false);
        var proof = new CanaryProof(context, folder.Name, [.. containers.Where(container => nodes.Contains(container.Node.Name))]);
        var paths = await proof.RunAsync(CanaryBytes, CanaryLimit).ConfigureAwait(false);
        var lost = paths.Where(path => path.Result != FindingResult.Pass).ToList();
        if (lost.Count > 0)
            throw FolderErrors.FolderCanaryLost(folder.Name, [.. lost.Select(path => $"{path.From} -> {path.To}: {path.Detail}")]);
    }

    /// <summary>Earlier versions of the settings and of the start script, once no service uses them.</summary>
    private async Task RemoveOldSettingsAsync()
    {
        var all = await StoredItems.ListAsync(swarm.Manager, StoredKind.Config, context.CancellationToken).ConfigureAwait(false);
        var old = all.Where(config =>
            config.Labels.GetValueOrDefault(FolderNames.FolderLabel) == folder.Name && config.Name != FolderScript.Start.ConfigName
        );
        await StoredCleaning.RemoveUnusedAsync(swarm, old, asks: false).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<ServiceState>> ServicesAsync() =>
        [.. (await reader.ServicesAsync().ConfigureAwait(false))[folder.Name]];

    private async Task<SwarmSharedFolder> ReadAsync() =>
        await reader.ReadAsync(folder.Name, await ServicesAsync().ConfigureAwait(false)).ConfigureAwait(false);
}
