using System.Net;
using System.Text.Json.Nodes;
using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Managers;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Access;

/// <summary>Asks whichever manager answers: goes on to the next when one is gone, and waits out elections.</summary>
internal sealed partial class SwarmSession
{
    /// <summary>How long one manager may think. Without a leader an engine holds a request for 20 s (moby, <c>swarmRequestTimeout</c>); another may know one.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private TimeSpan answerLimit = AnswerLimit;

    /// <summary>Whether a stage works on the same connections: a manager that takes its time keeps its own.</summary>
    private bool isGuest;

    /// <summary>Asks a manager in the JSON of the Engine API.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="AskManagerAsync"/>.</exception>
    public Task<T> AskAsync<T>(Func<EngineApi, CancellationToken, Task<T>> question, TimeSpan? timeout = null) =>
        AskManagerAsync((manager, token) => manager.AskJsonAsync(api => question(api, token), token), timeout);

    /// <summary>Reads a document of the Engine API.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="AskManagerAsync"/>.</exception>
    public Task<JsonNode> GetAsync(string path) => AskAsync((api, token) => api.GetAsync(path, token));

    /// <summary>
    /// Reads a list of the Engine API while it arrives, each element once: when the manager that sends it fails, another one is asked, and what was read already is left
    /// out. The time limit is for the beginning of the answer and for a pause in it: a long list over a slow link takes its time.
    /// </summary>
    /// <param name="path">The list, whose elements have an <c>ID</c>.</param>
    /// <param name="each">Processes an element; the engine is read no faster.</param>
    /// <param name="needed">What is awaited before the first element, while the engine prepares its answer; null for nothing.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="AskManagerAsync"/>, and of <paramref name="needed"/>.</exception>
    public async Task ReadListAsync(string path, Func<JsonNode, ValueTask> each, Task? needed = null)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var deadline = Deadline.In(patience);
        while (true)
        {
            using var list = await AskManagerAsync((manager, token) => EngineList.OpenAsync(manager, path, token)).ConfigureAwait(false);
            if (needed is not null)
                await needed.ConfigureAwait(false);
            try
            {
                await list.ForEachAsync(
                        element => (string?)element["ID"] is not { } id || seen.Add(id) ? each(element) : ValueTask.CompletedTask,
                        answerLimit,
                        Context.CancellationToken
                    )
                    .ConfigureAwait(false);
                return;
            }
            catch (SwarmOpsException error) when (IsPassing(error) && deadline.LeavesTimeFor(RetryPause))
            {
                Context.WriteVerbose($"{list.Connection.Node.Name} did not complete its list: {error.Message}");
                await list.Connection.ResetAsync().ConfigureAwait(false);
                preferred.Value = managers[(managers.ToList().IndexOf(list.Connection) + 1) % managers.Count];
                await Task.Delay(RetryPause, Context.CancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Asks a manager; when it has no leader or cannot be reached, the next one, again and again until the time is up.</summary>
    /// <param name="question">The question; it may be asked more than once.</param>
    /// <param name="timeout">How long to go on; null for the session's patience.</param>
    /// <exception cref="SwarmOpsException"><c>SwarmHasNoLeader</c>, the transport's errors.</exception>
    public async Task<T> AskManagerAsync<T>(Func<INodeConnection, CancellationToken, Task<T>> question, TimeSpan? timeout = null)
    {
        var deadline = Deadline.In(timeout ?? patience);
        SwarmOpsException? last = null;
        while (true)
        {
            foreach (var manager in managers.OrderByDescending(manager => ReferenceEquals(manager, preferred.Value)))
            {
                try
                {
                    var answer = await AskOneAsync(manager, question).ConfigureAwait(false);
                    preferred.Value = manager;
                    return answer;
                }
                catch (SwarmOpsException error) when (IsPassing(error))
                {
                    Context.WriteVerbose($"{manager.Node.Name} cannot help at the moment: {error.Message}");
                    last = error;
                    if (error.Kind == ErrorKind.Connection && !(isGuest && error.ErrorId == nameof(ManagerErrors.ManagerDoesNotAnswer)))
                        await manager.ResetAsync().ConfigureAwait(false);
                }
            }

            if (last is null)
                throw SwarmErrors.NoManagerInSet([.. Reports.Select(report => report.Node)]);
            if (!deadline.LeavesTimeFor(RetryPause))
                throw last.Kind == ErrorKind.Connection
                    ? last
                    : SwarmErrors.SwarmHasNoLeader([.. managers.Select(manager => manager.Node)], last);
            await Task.Delay(RetryPause, Context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the swarm as its leader sees it now.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="AskManagerAsync"/>.</exception>
    public Task<SwarmView> ReadViewAsync(TimeSpan? timeout = null) =>
        AskManagerAsync((manager, token) => SwarmView.ReadAsync(manager, SwarmId, token), timeout);

    /// <summary>Reads the networks that a manager lists: the swarm's, and the local ones of its own engine.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="AskManagerAsync"/>.</exception>
    public Task<IList<NetworkResponse>> ReadNetworksAsync() =>
        AskManagerAsync(
            (manager, token) => manager.AskAsync(engine => engine.Networks.ListNetworksAsync(new NetworksListParameters(), token), token)
        );

    /// <summary>Reads one member; null when it is not one.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="AskManagerAsync"/>.</exception>
    public async Task<NodeListResponse?> FindMemberAsync(string nodeId, TimeSpan? timeout = null)
    {
        try
        {
            return await AskManagerAsync(
                    (manager, token) => manager.AskAsync(engine => engine.Swarm.InspectNodeAsync(nodeId, token), token),
                    timeout
                )
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
    }

    /// <summary>Changes a member's spec, whoever else changes it at the same time.</summary>
    /// <param name="nodeId">The member.</param>
    /// <param name="change">Changes the spec and says whether anything is different.</param>
    /// <param name="timeout">How long to go on; null for the session's patience.</param>
    /// <param name="listed">The member as just read; null reads it.</param>
    /// <returns>Whether anything was sent.</returns>
    /// <exception cref="SwarmOpsException">Those of <see cref="AskManagerAsync"/>.</exception>
    public Task<bool> UpdateMemberAsync(
        string nodeId,
        Func<NodeUpdateParameters, bool> change,
        TimeSpan? timeout = null,
        NodeListResponse? listed = null
    ) => AskManagerAsync((manager, token) => NodeSpecUpdater.UpdateAsync(manager, nodeId, change, token, listed), timeout);

    /// <summary>The same swarm, asked through the managers that are left without certain members; null when none is.</summary>
    /// <param name="avoid">Ids of the members that must not be asked.</param>
    public SwarmSession? Without(IReadOnlySet<string> avoid)
    {
        var left = ManagersOf(Reports, View, avoid);
        return left.Count == 0 ? null : new SwarmSession(Context, Reports, view, patience, left, new(left[0]));
    }

    /// <summary>The same swarm, asked through one manager only.</summary>
    public SwarmSession Through(NodeObservation manager) =>
        new(Context, Reports, view, patience, [manager.Connection], new(manager.Connection));

    /// <summary>The same swarm for what has to be done though the stage was cancelled.</summary>
    /// <param name="limit">Ends the wait.</param>
    public SwarmSession After(CancellationToken limit) =>
        new(new AftercareContext(Context, limit), Reports, view, TimeSpan.Zero, managers, preferred);

    /// <summary>
    /// The same swarm for calls beside a stage's own, with what was learnt of the managers: the one that answered last comes first. A manager that takes its time keeps its
    /// connection: the stage's calls and commands are on it.
    /// </summary>
    /// <param name="other">Who asks.</param>
    /// <param name="limit">How long one manager may think, where there is another one to ask; null for the usual time.</param>
    public SwarmSession Beside(IOperationContext other, TimeSpan? limit) =>
        new(other, Reports, view, patience, managers, preferred)
        {
            isGuest = true,
            answerLimit = managers.Count > 1 && limit is { } given ? given : answerLimit,
        };

    /// <summary>Whether another manager, or the same one a little later, may well answer.</summary>
    public static bool IsPassing(SwarmOpsException error) =>
        error.Kind == ErrorKind.Connection
        || error.ErrorId is nameof(TransportErrors.EngineNotRunning) or nameof(SwarmErrors.SwarmHasNoLeader)
        || IsNoLeader(error)
        || error.InnerException is DockerApiException { StatusCode: HttpStatusCode.ServiceUnavailable };

    /// <summary>Whether an error is an engine's "no leader": another manager may know one (moby answers 503 or 500 with these words).</summary>
    private static bool IsNoLeader(SwarmOpsException error) =>
        error.InnerException
            is DockerApiException { StatusCode: HttpStatusCode.ServiceUnavailable or HttpStatusCode.InternalServerError } api
        && (
            api.ResponseBody?.Contains("leader", StringComparison.OrdinalIgnoreCase) is true
            || api.ResponseBody?.Contains("deadline", StringComparison.OrdinalIgnoreCase) is true
        );

    private async Task<T> AskOneAsync<T>(INodeConnection manager, Func<INodeConnection, CancellationToken, Task<T>> question)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Context.CancellationToken);
        limit.CancelAfter(answerLimit);
        try
        {
            return await question(manager, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!Context.CancellationToken.IsCancellationRequested)
        {
            throw ManagerErrors.ManagerDoesNotAnswer(manager.Node, answerLimit);
        }
    }
}
