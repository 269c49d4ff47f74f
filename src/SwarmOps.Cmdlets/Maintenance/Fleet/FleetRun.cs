using SwarmOps.Maintenance.Suspension;
using SwarmOps.Pipeline;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>The maintenance of the nodes that were agreed to, in their order: one after the other, or one worker of each region at the same time. The first trouble ends it.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="request">What is to be done.</param>
/// <param name="journal">The journal.</param>
/// <param name="targets">The nodes in their order.</param>
internal sealed class FleetRun(
    IOperationContext context,
    InvokeMaintenanceRequest request,
    MaintenanceJournal journal,
    IReadOnlyList<MaintenanceTarget> targets
) : IDisposable
{
    private readonly MaintenanceTurns turns = new(context.CancellationToken);
    private readonly HashSet<string> begun = new(StringComparer.Ordinal);
    private readonly List<(MaintenanceTarget Target, SwarmOpsException Error)> failures = [];
    private readonly object gate = new();
    private bool isOver;
    private int done;

    /// <summary>Maintains them.</summary>
    /// <exception cref="SwarmOpsException"><c>MaintenanceStopped</c>.</exception>
    public async Task RunAsync()
    {
        foreach (var step in Steps(targets, request.IsParallel, id => journal.Of(id)))
            await LanesAsync(step).ConfigureAwait(false);
        if (failures.Count == 0)
        {
            if (isOver)
                context.WriteWarning(
                    $"The time of -Until is over; {Left.Count} nodes are left: {string.Join(", ", Left)}. Run the same command again in the next window."
                );
            return;
        }

        foreach (var (target, error) in failures.Skip(1))
            context.WriteError(MaintenanceErrors.MaintenanceStopped(target.Node, Left, error));
        throw MaintenanceErrors.MaintenanceStopped(failures[0].Target.Node, Left, failures[0].Error);
    }

    /// <inheritdoc/>
    public void Dispose() => turns.Dispose();

    /// <summary>The steps of a maintenance; in each step, lanes that go on beside each other. Only workers have company, and nothing that an earlier run left out of service.</summary>
    internal static IEnumerable<IReadOnlyList<IReadOnlyList<MaintenanceTarget>>> Steps(
        IReadOnlyList<MaintenanceTarget> targets,
        bool isParallel,
        Func<string, JournalEntry> journal
    )
    {
        if (!isParallel)
            return
            [
                [targets],
            ];
        var free = targets.Where(target => HasCompany(target, journal)).ToList();
        var first = targets.TakeWhile(target => !free.Contains(target)).ToList();
        IReadOnlyList<MaintenanceTarget> last = [.. targets.Except(first).Except(free)];
        return
        [
            [first],
            [.. free.GroupBy(target => target.Node.Region ?? "").Select(region => region.ToList())],
            [last],
        ];
    }

    private static bool HasCompany(MaintenanceTarget target, Func<string, JournalEntry> journal) =>
        target.Member.ManagerStatus is null
        && SuspendMark.Of(target.Member) is null
        && journal(target.NodeId).State is SwarmMaintenanceState.Pending or SwarmMaintenanceState.Done;

    private IReadOnlyList<string> Left => [.. targets.Where(target => !begun.Contains(target.NodeId)).Select(target => target.Name)];

    private async Task LanesAsync(IReadOnlyList<IReadOnlyList<MaintenanceTarget>> lanes)
    {
        if (lanes.Count == 0)
            return;
        await Throttle
            .ForEachAsync(
                lanes,
                lanes.Count,
                async lane =>
                {
                    foreach (var target in lane)
                    {
                        if (!Begins(target))
                            break;
                        await MaintainAsync(target).ConfigureAwait(false);
                    }

                    return true;
                },
                context.CancellationToken
            )
            .ConfigureAwait(false);
    }

    private bool Begins(MaintenanceTarget target)
    {
        lock (gate)
        {
            isOver |= request.Until is { } until && DateTime.UtcNow >= until.ToUniversalTime();
            if (isOver || turns.IsEnding)
                return false;
            begun.Add(target.NodeId);
            context.WriteProgress(
                new OperationProgress(
                    0,
                    MaintenanceRun.Activity,
                    $"{done} of {targets.Count} nodes done, now '{target.Name}'",
                    done * 100 / targets.Count
                )
            );
            return true;
        }
    }

    private async Task MaintainAsync(MaintenanceTarget target)
    {
        try
        {
            var isDone = await new NodeMaintenance(context, request, journal, turns, target).RunAsync().ConfigureAwait(false);
            lock (gate)
            {
                if (isDone)
                    done++;
                else
                    begun.Remove(target.NodeId);
            }
        }
        catch (SwarmOpsException error)
        {
            lock (gate)
                failures.Add((target, error));
            turns.End();
            await NoteAsync(target, error).ConfigureAwait(false);
        }
    }

    private async Task NoteAsync(MaintenanceTarget target, SwarmOpsException error)
    {
        try
        {
            await journal
                .WriteAsync(
                    target.NodeId,
                    journal.Of(target.NodeId) with
                    {
                        State = SwarmMaintenanceState.Failed,
                        At = DateTime.UtcNow,
                        Detail = error.Message,
                    }
                )
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException unwritten)
        {
            context.WriteVerbose($"The journal could not be written: {unwritten.Message}");
        }
    }
}
