using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Recovery.Moving;

/// <summary>Brings nodes whose addresses changed back into their swarm, one after the other: workers first, the leader last.</summary>
internal sealed class AddressChangeOperation(IOperationContext context, AddressChangeRequest request)
{
    /// <summary>The progress activity.</summary>
    public const string Activity = "Repair-Swarm";

    /// <summary>Runs it and emits the nodes. A node's error is written; a role that is changing ends the run.</summary>
    /// <exception cref="SwarmOpsException"><c>NodeNotInSet</c>, those of <see cref="SwarmSession"/>.</exception>
    public async Task RunAsync()
    {
        var session = await SwarmSession.FindAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
        var choice = new NameChoice(request.Names);
        var named = session.Reports.Where(report => choice.Takes(report.Node.Name)).ToList();
        if (choice.Missing.FirstOrDefault() is { } missing)
            throw SwarmErrors.NodeNotInSet(missing, [.. request.Nodes]);
        foreach (var silent in session.Silent.Except(named))
            context.WriteWarning($"{silent.Failure!.Message.TrimEnd('.')}. Continuing without it.");
        foreach (var report in named.OrderBy(report => Rank(session, report)))
        {
            if (report.Failure is { } failure)
            {
                context.WriteError(failure);
                continue;
            }

            try
            {
                if (await new AddressChange(context, request, report.Node.Name).RunAsync().ConfigureAwait(false) is { } node)
                    context.WriteObject(node);
            }
            catch (SwarmOpsException error)
            {
                context.WriteError(error);
                // The next one might be one manager too many.
                break;
            }
        }

        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
    }

    private static int Rank(SwarmSession session, NodeReport report) =>
        session.MemberOf(report)?.ManagerStatus is not { } manager ? 0
        : manager.Leader is true ? 2
        : 1;
}
