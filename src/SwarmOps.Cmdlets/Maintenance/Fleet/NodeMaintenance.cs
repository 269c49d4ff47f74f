using SwarmOps.Maintenance.Engines;
using SwarmOps.Maintenance.Suspension;
using SwarmOps.Nodes.Preflight;
using SwarmOps.Pipeline;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>The maintenance of one node: suspended, changed, rebooted when that is needed, resumed. Each step can be repeated, so an interrupted one begins again from the first.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="request">What is to be done.</param>
/// <param name="journal">The journal.</param>
/// <param name="turns">When it may leave and return.</param>
/// <param name="target">The node.</param>
internal sealed class NodeMaintenance(
    IOperationContext context,
    InvokeMaintenanceRequest request,
    MaintenanceJournal journal,
    MaintenanceTurns turns,
    MaintenanceTarget target
)
{
    private readonly MaintainedHost host = new(context, target.Node);
    private readonly EngineUpgrade engine = new(context, target.Node);

    private bool IsPatch => request.Action == SwarmMaintenanceAction.Patch;

    /// <summary>The release of the action Engine, which stands by now; null for other actions.</summary>
    private EngineRelease? Release => request.Action == SwarmMaintenanceAction.Engine ? request.EngineVersion : null;

    /// <summary>Maintains the node.</summary>
    /// <returns>Whether it was maintained; not when the maintenance ends before its turn.</returns>
    /// <exception cref="SwarmOpsException">Those of <see cref="MaintenanceErrors"/>, <see cref="EngineUpgradeErrors"/>, <see cref="SuspendErrors"/> and the transport.</exception>
    public async Task<bool> RunAsync()
    {
        var entry = journal.Of(target.NodeId);
        var state = await host.ReadAsync().ConfigureAwait(false);
        if (IsPatch)
        {
            if (!state.HasApt)
                throw MaintenanceErrors.HostNotPatchable(target.Node);
            await host.RefreshAsync(request.ActionTimeout).ConfigureAwait(false);
            state = await host.ReadAsync().ConfigureAwait(false);
        }

        var wasBegun = entry.State != SwarmMaintenanceState.Pending && entry.BootId.Length > 0;
        if (!wasBegun && await IsUpToDateAsync(state).ConfigureAwait(false) is { } already)
        {
            await WriteAsync(SwarmMaintenanceState.Done, state.BootId, already).ConfigureAwait(false);
            return true;
        }

        var package = await PackageAsync().ConfigureAwait(false);
        var bootId = wasBegun ? entry.BootId : state.BootId;
        await WriteAsync(SwarmMaintenanceState.Working, bootId, "").ConfigureAwait(false);
        if (!await turns.LeaveAsync(SuspendAsync).ConfigureAwait(false))
        {
            await journal.WriteAsync(target.NodeId, entry).ConfigureAwait(false);
            return false;
        }

        var done = await ActAsync(state, bootId, package).ConfigureAwait(false);
        await turns.ReturnAsync(ResumeAsync).ConfigureAwait(false);
        await WriteAsync(SwarmMaintenanceState.Done, bootId, string.Join(", ", done)).ConfigureAwait(false);
        return true;
    }

    private bool NeedsReboot(HostState state) => state.RebootReason is not null && !request.SkipsReboot;

    /// <returns>Why nothing is to be done; null when something is.</returns>
    private async Task<string?> IsUpToDateAsync(HostState state)
    {
        // A node that is out of service comes back into it, whatever else it needs.
        if (SuspendMark.Of(target.Member) is not null)
            return null;
        if (Release is { } release)
            return await engine.RunsAsync(release).ConfigureAwait(false) ? $"already at {release}" : null;
        return IsPatch && state.Updates == 0 && !NeedsReboot(state) ? "already up to date" : null;
    }

    /// <summary>What apt calls the release on this host; null where a script installs it, or it runs.</summary>
    private async Task<(string Package, string Version)?> PackageAsync() =>
        Release is { } release && request.Script is null && !await engine.RunsAsync(release).ConfigureAwait(false)
            ? await engine.FindAsync(release, request.ActionTimeout).ConfigureAwait(false)
            : null;

    /// <returns>What was done.</returns>
    private async Task<IReadOnlyList<string>> ActAsync(HostState state, string bootId, (string Package, string Version)? package)
    {
        var done = new List<string>();
        if (await new LeaderHandover(context, request, target.Name).RunAsync().ConfigureAwait(false))
            done.Add("leadership handed over");
        if (Release is { } release)
        {
            done.Add(await UpgradeAsync(release, package).ConfigureAwait(false));
            return done;
        }

        // Where it is unknown how many wait, the installation completes what was interrupted, or says what is wrong.
        if (IsPatch && state.Updates is not 0)
        {
            await host.PatchAsync(request.ActionTimeout).ConfigureAwait(false);
            done.Add(state.Updates is { } count ? $"{count} updates installed" : "updates installed");
        }
        else if (request.Script is { } script)
        {
            await host.RunScriptAsync(script, request.ActionTimeout).ConfigureAwait(false);
            done.Add("script ran");
        }

        state = await host.ReadAsync().ConfigureAwait(false);
        if (request.Action == SwarmMaintenanceAction.Reboot ? state.BootId == bootId : NeedsReboot(state))
        {
            await host.RebootAsync(state.BootId, request.Timeout).ConfigureAwait(false);
            done.Add("rebooted");
        }
        else if (state.BootId != bootId)
            done.Add("rebooted");
        return done;
    }

    private async Task<string> UpgradeAsync(EngineRelease release, (string Package, string Version)? package)
    {
        if (package is var (name, version))
            await engine.InstallAsync(name, version, request.ActionTimeout).ConfigureAwait(false);
        else if (request.Script is { } script && !await engine.RunsAsync(release).ConfigureAwait(false))
            await engine.RunScriptAsync(release, script, request.ActionTimeout).ConfigureAwait(false);
        await engine.VerifyAsync(release).ConfigureAwait(false);
        return $"engine {release}";
    }

    private Task SuspendAsync() =>
        RunAsync(relayed =>
            new SuspendNodeOperation(
                relayed,
                new SuspendNodeRequest(request.Nodes, target.Name)
                {
                    IsForced = request.IsForced,
                    Timeout = request.Timeout,
                    ThrottleLimit = request.ThrottleLimit,
                }
            ).RunAsync()
        );

    private Task ResumeAsync() =>
        RunAsync(relayed =>
            new ResumeNodeOperation(
                relayed,
                new ResumeNodeRequest(request.Nodes, target.Name)
                {
                    Rebalances = request.Rebalances,
                    // The user has accepted that engines of two releases may exchange nothing for a while.
                    SkipsOverlayTest = Release is not null && request.IsForced,
                    Timeout = request.Timeout,
                    ThrottleLimit = request.ThrottleLimit,
                }
            ).RunAsync()
        );

    /// <summary>Runs an operation whose confirmation is part of the node's own.</summary>
    private async Task RunAsync(Func<IOperationContext, Task> operation)
    {
        var relayed = new RelayedContext(context, answer: true);
        await operation(relayed).ConfigureAwait(false);
        foreach (var warning in relayed.Warnings)
            context.WriteWarning(warning);
        if (relayed.Errors.Count > 0)
            throw relayed.Errors[0];
    }

    private Task WriteAsync(SwarmMaintenanceState state, string bootId, string detail) =>
        journal.WriteAsync(target.NodeId, new JournalEntry(state, DateTime.UtcNow, bootId, detail));
}
