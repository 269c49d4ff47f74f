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
        List<NodeReport> ordered = [.. named.OrderBy(report => Rank(session, report))];
        for (var index = 0; index < ordered.Count; index++)
        {
            var report = ordered[index];
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
                if (Untried(ordered, index) is { } words)
                    context.WriteWarning(words);
                break;
            }
        }

        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
    }

    /// <summary>The nodes after one that failed, and what to run for them; null when there is none.</summary>
    private static string? Untried(IReadOnlyList<NodeReport> ordered, int failed)
    {
        var names = ordered.Skip(failed).Select(report => report.Node.Name).ToList();
        return names.Count == 1
            ? null
            : $"{string.Join(", ", names.Skip(1).Select(name => $"'{name}'"))} {(names.Count == 2 ? "was" : "were")} not tried, because '{names[0]}' failed: one more manager that leaves could cost the quorum. Fix the error of '{names[0]}', then run Repair-Swarm -NewAddress {string.Join(", ", names)} with the same nodes.";
    }

    private static int Rank(SwarmSession session, NodeReport report) =>
        session.MemberOf(report)?.ManagerStatus is not { } manager ? 0
        : manager.Leader is true ? 2
        : 1;
}
