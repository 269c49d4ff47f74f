using SwarmOps.Maintenance.Suspension;
using SwarmOps.Pipeline;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>The maintenance of one node: suspended, changed, rebooted when that is needed, resumed. Each step can be repeated, so an interrupted one begins again from the first.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="request">What is to be done.</param>
/// <param name="journal">The journal.</param>
/// <param name="target">The node.</param>
internal sealed class NodeMaintenance(
    IOperationContext context,
    InvokeMaintenanceRequest request,
    MaintenanceJournal journal,
    MaintenanceTarget target
)
{
    private readonly MaintainedHost host = new(context, target.Node);

    private bool IsPatch => request.Action == SwarmMaintenanceAction.Patch;

    /// <summary>Maintains the node.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="MaintenanceErrors"/>, <see cref="SuspendErrors"/> and the transport.</exception>
    public async Task RunAsync()
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
        if (IsPatch && !wasBegun && state.Updates == 0 && !NeedsReboot(state))
        {
            await WriteAsync(SwarmMaintenanceState.Done, state.BootId, "already up to date").ConfigureAwait(false);
            return;
        }

        var bootId = wasBegun ? entry.BootId : state.BootId;
        await WriteAsync(SwarmMaintenanceState.Working, bootId, "").ConfigureAwait(false);
        await SuspendAsync().ConfigureAwait(false);
        var done = await ActAsync(state, bootId).ConfigureAwait(false);
        await ResumeAsync().ConfigureAwait(false);
        await WriteAsync(SwarmMaintenanceState.Done, bootId, string.Join(", ", done)).ConfigureAwait(false);
    }

    private bool NeedsReboot(HostState state) => state.RebootReason is not null && !request.SkipsReboot;

    /// <returns>What was done.</returns>
    private async Task<IReadOnlyList<string>> ActAsync(HostState state, string bootId)
    {
        var done = new List<string>();
        if (IsPatch && state.Updates > 0)
        {
            await host.PatchAsync(request.ActionTimeout).ConfigureAwait(false);
            done.Add($"{state.Updates} updates installed");
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
