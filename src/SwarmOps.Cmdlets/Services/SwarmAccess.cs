using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm;
using SwarmOps.Transport;

namespace SwarmOps.Services;

/// <summary>Access to a swarm: its managers, and the names of its members.</summary>
internal sealed class SwarmAccess
{
    private readonly SwarmSurvey survey;
    private readonly ManagerRoute route;
    private readonly TimeSpan patience;

    private SwarmAccess(IOperationContext context, SwarmSurvey survey, ManagerRoute route, TimeSpan patience)
    {
        (Context, this.survey, this.route, this.patience) = (context, survey, route, patience);
        Members = survey.View.Members.ToDictionary(member => member.ID, member => NameOf(survey, member), StringComparer.Ordinal);
        Nodes = [.. survey.Reports.Select(report => report.Observation).OfType<NodeObservation>().Select(survey.Located!.Describe)];
    }

    /// <summary>The calling cmdlet's context.</summary>
    public IOperationContext Context { get; }

    /// <summary>The swarm's id.</summary>
    public string SwarmId => survey.View.SwarmId;

    /// <summary>The swarm as seen by a manager.</summary>
    public SwarmView View => survey.View;

    /// <summary>A manager that answered, for requests that must not be repeated on another manager.</summary>
    public INodeConnection Manager => survey.View.Manager;

    /// <summary>Name and region of every member, by its id.</summary>
    public IReadOnlyDictionary<string, SwarmPlace> Members { get; }

    /// <summary>The current state of the node set.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; }

    /// <summary>The nodes of the node set that did not answer.</summary>
    public IReadOnlyList<SwarmNode> Silent => [.. survey.Reports.Where(report => report.Observation is null).Select(report => report.Node)];

    /// <summary>The same swarm, for cleanup after cancellation.</summary>
    /// <param name="limit">Ends the wait.</param>
    public SwarmAccess After(CancellationToken limit)
    {
        var context = new AftercareContext(Context, limit);
        return new SwarmAccess(context, survey, survey.RouteAvoiding(context, new HashSet<string>())!, TimeSpan.Zero);
    }

    /// <summary>Finds the swarm of a node set.</summary>
    /// <param name="context">The calling cmdlet's context.</param>
    /// <param name="nodes">Nodes of the swarm.</param>
    /// <param name="throttleLimit">How many nodes are contacted at the same time.</param>
    /// <param name="patience">How long to wait for a leader.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="SwarmSurvey"/>.</exception>
    public static async Task<SwarmAccess> OpenAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, int throttleLimit, TimeSpan patience)
    {
        var survey = await SwarmSurvey.FindAsync(context, nodes, throttleLimit, patience).ConfigureAwait(false);
        foreach (var silent in survey.Reports.Where(report => report.Failure is not null))
            context.WriteVerbose($"{silent.Node.Name} did not answer; continuing without it: {silent.Failure!.Message}");
        var route = survey.RouteAvoiding(context, new HashSet<string>()) ?? throw SwarmErrors.NoManagerInSet(nodes);
        return new SwarmAccess(context, survey, route, patience);
    }

    /// <summary>Sends a request to the first manager that answers.</summary>
    /// <exception cref="SwarmOpsException"><c>SwarmHasNoLeader</c>, the transport's errors.</exception>
    public Task<T> AskAsync<T>(Func<EngineApi, CancellationToken, Task<T>> question) =>
        route.AskAsync((manager, token) => manager.AskJsonAsync(api => question(api, token), token), patience);

    /// <summary>Reads a document.</summary>
    /// <exception cref="SwarmOpsException">As <see cref="AskAsync"/>.</exception>
    public Task<JsonNode> GetAsync(string path) => AskAsync((api, token) => api.GetAsync(path, token));

    /// <summary>Name and region of a member; its id if it has left.</summary>
    public SwarmPlace? Place(string? nodeId) => string.IsNullOrEmpty(nodeId) ? null : Members.GetValueOrDefault(nodeId, new SwarmPlace(nodeId, null));

    private static SwarmPlace NameOf(SwarmSurvey survey, Docker.DotNet.Models.NodeListResponse member)
    {
        // A node that does not answer also gets the given name, if it is clear which member it is.
        var own = (survey.Reports.FirstOrDefault(report => report.Observation?.NodeId == member.ID)
            ?? survey.Reports.FirstOrDefault(report => report.Observation is null && survey.MemberOf(report)?.ID == member.ID))?.Node.Name;
        return new SwarmPlace(own ?? member.Description?.Hostname ?? member.ID, member.Spec?.Labels?.TryGetValue(SwarmNodeMapper.RegionLabel, out var region) is true ? region : null);
    }
}
