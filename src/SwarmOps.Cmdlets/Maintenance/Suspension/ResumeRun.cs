using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>The return of a node that is back in its swarm.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="request">Which node, and how.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="target">The node.</param>
internal sealed class ResumeRun(IOperationContext context, ResumeNodeRequest request, SwarmSession swarm, MaintenanceTarget target)
{
    private const string Activity = "Resume-SwarmNode";

    /// <summary>What an interrupted run left may take this long; the node comes back all the same.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(10);

    private readonly SurgeRun surges = new(context, swarm, request.Timeout);

    /// <summary>Brings the node back and writes it to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SuspendErrors"/>, of services, name servers, databases and the transport.</exception>
    public async Task RunAsync()
    {
        var load = await NodeLoad.ReadAsync(swarm, target.Member, target.Name).ConfigureAwait(false);
        var mark = SuspendMark.Of(load.Member);
        var wanted = mark?.Availability ?? SwarmNodeAvailability.Active;
        if (IsBack(load, mark, wanted))
            context.WriteVerbose($"'{target.Name}' is already in service.");
        else if (await context.ShouldProcessAsync(target.Node.ToString(), Words(mark, wanted)).ConfigureAwait(false))
            await ReturnAsync(load, mark, wanted).ConfigureAwait(false);
        else
            return;
        if (request.Rebalances && wanted == SwarmNodeAvailability.Active)
            await new Rebalance(context, swarm, target, surges).RunAsync().ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
        context.WriteObject(target.Describe(await swarm.ReadViewAsync(request.Timeout).ConfigureAwait(false)));
    }

    private bool IsBack(NodeLoad load, SuspendMark? mark, SwarmNodeAvailability wanted) =>
        mark is null && SuspendMark.AvailabilityOf(load.Member) == wanted && !SurgeRun.Of(load, target.NodeId).Any();

    private string Words(SuspendMark? mark, SwarmNodeAvailability wanted)
    {
        var steps = new List<string> { $"availability {wanted}" };
        if (mark is { WasManager: true })
            steps.Add("promote to manager again");
        if (wanted == SwarmNodeAvailability.Active)
        {
            if (!request.SkipsOverlayTest)
                steps.Add("test its overlay networks with packets");
            steps.Add("wait until its tasks and databases run");
        }

        if (mark?.Edges.Count > 0)
            steps.Add($"bring back into DNS ({string.Join(", ", mark.Edges)})");
        return "Resume: " + string.Join(", ", steps);
    }

    private async Task ReturnAsync(NodeLoad load, SuspendMark? mark, SwarmNodeAvailability wanted)
    {
        await surges.LowerAsync(target.NodeId, SettleLimit, mustSettle: false).ConfigureAwait(false);
        await SetAsync(wanted).ConfigureAwait(false);
        // First of all: until then the managers tolerate one failure less.
        if (mark is { WasManager: true })
        {
            Say("Promoting it to manager again");
            await new ManagerReturn(context, swarm, target, request.Timeout).RunAsync().ConfigureAwait(false);
        }

        if (wanted == SwarmNodeAvailability.Active)
        {
            await ProveAsync(load).ConfigureAwait(false);
            if (
                await new NodeTasks(context, swarm, target, Activity).UntilAllAsync(load, request.Timeout).ConfigureAwait(false) is
                { Count: > 0 } missing
            )
                throw SuspendErrors.ResumedTasksMissing(target.Node, missing, request.Timeout);
            Say("Waiting for its databases");
            await new GaleraRule(context, swarm, request.ThrottleLimit, Activity)
                .ArriveAsync(target.Name, request.Timeout)
                .ConfigureAwait(false);
        }

        if (mark is null)
            return;
        await new EdgeMove(context, request.Nodes, target.Name, request.Timeout, request.ThrottleLimit)
            .ReturnAsync(mark.Edges)
            .ConfigureAwait(false);
        await swarm.UpdateMemberAsync(target.NodeId, SuspendMark.RemoveFrom, request.Timeout).ConfigureAwait(false);
    }

    /// <summary>Tests the overlay networks. A drained node cannot be tested, since the swarm attaches no container there, so it is active by now, and is drained again if packets are lost.</summary>
    private async Task ProveAsync(NodeLoad load)
    {
        if (request.SkipsOverlayTest)
            return;
        Say("Testing its overlay networks");
        var failures = await new ReturnProof(context, swarm, target, request).RunAsync(load).ConfigureAwait(false);
        if (failures.Count == 0)
            return;
        var isDrained = true;
        try
        {
            await SetAsync(SwarmNodeAvailability.Drain).ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
        {
            isDrained = false;
            context.WriteVerbose($"'{target.Name}' could not be drained again: {error.Message}");
        }

        throw SuspendErrors.ResumedOverlayFailed(target.Node, failures, isDrained);
    }

    private Task<bool> SetAsync(SwarmNodeAvailability availability) =>
        swarm.UpdateMemberAsync(target.NodeId, spec => SuspendMark.SetAvailability(spec, availability), request.Timeout);

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, Activity, status));
}
