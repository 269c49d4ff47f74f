using System.Net;
using Docker.DotNet;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Locking;

namespace SwarmOps.Swarm;

/// <summary>Finds the swarm that a node set belongs to, from the nodes alone: no stage trusts that an earlier one ran.</summary>
internal static class SwarmLocator
{
    /// <summary>Asks every node and finds their swarm; waits for a leader. A node that cannot be asked is reported and left out.</summary>
    /// <exception cref="SwarmOpsException"><c>NoManagerInSet</c>, <c>NodesInDifferentSwarms</c>, <c>SwarmHasNoQuorum</c>.</exception>
    public static async Task<LocatedSwarm> LocateAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, int throttleLimit, TimeSpan? patience = null)
    {
        var survey = await SwarmSurvey.FindAsync(context, nodes, throttleLimit, patience ?? SwarmSurvey.Patience).ConfigureAwait(false);
        survey.ReportSilent(context);
        return survey.Located!;
    }

    /// <summary>Finds the swarm of nodes that were already asked; null when none of them is a manager.</summary>
    /// <exception cref="SwarmOpsException"><c>NodesInDifferentSwarms</c>, <c>SwarmHasNoLeader</c>.</exception>
    public static async Task<LocatedSwarm?> LocateAsync(IOperationContext context, IReadOnlyList<NodeObservation> observations)
    {
        var managers = observations.Where(observation => observation.IsManager).ToList();
        if (managers.Count == 0)
            return null;
        var swarms = managers.Where(manager => manager.SwarmId is not null).GroupBy(manager => manager.SwarmId!).ToList();
        if (swarms.Count > 1)
            throw SwarmErrors.NodesInDifferentSwarms([.. swarms.Select(swarm => (swarm.Key, swarm.First().Node))]);
        var view = await AskFirstWithLeaderAsync(context, managers).ConfigureAwait(false);
        var located = new LocatedSwarm(observations, view);
        if (view.SwarmId.Length > 0)
            context.Guard(new SwarmLock(located));
        return located;
    }

    /// <summary>Whether an error is an engine's "no leader": another manager may know one (moby answers 503 or 500 with these words).</summary>
    public static bool IsNoLeader(SwarmOpsException error) =>
        error.InnerException is DockerApiException { StatusCode: HttpStatusCode.ServiceUnavailable or HttpStatusCode.InternalServerError } api
        && (api.ResponseBody?.Contains("leader", StringComparison.OrdinalIgnoreCase) is true || api.ResponseBody?.Contains("deadline", StringComparison.OrdinalIgnoreCase) is true);

    private static async Task<SwarmView> AskFirstWithLeaderAsync(IOperationContext context, List<NodeObservation> managers)
    {
        SwarmOpsException? last = null;
        foreach (var manager in managers)
        {
            try
            {
                return await SwarmView.ReadAsync(manager.Connection, manager.SwarmId ?? "", context.CancellationToken).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
            {
                context.WriteVerbose($"{manager.Node.Name}: could not list the swarm's nodes; trying another manager. {error.Message}");
                last = error;
            }
        }

        throw IsNoLeader(last!) ? SwarmErrors.SwarmHasNoLeader([.. managers.Select(manager => manager.Node)], last!) : last!;
    }
}
