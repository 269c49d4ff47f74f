using System.Net;
using System.Runtime.CompilerServices;
using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Swarm;

/// <summary>The way into a swarm through whichever of its managers answers: goes on to the next when one is gone, and waits out elections.</summary>
internal sealed class ManagerRoute(IOperationContext context, string swarmId, IReadOnlyList<INodeConnection> managers)
{
    /// <summary>How long one manager may think. Without a leader an engine holds a request for 20 s (moby, <c>swarmRequestTimeout</c>); another may know one.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly StrongBox<INodeConnection> preferred = new(managers[0]);

    private readonly TimeSpan answerLimit = AnswerLimit;

    private readonly bool isGuest;

    /// <summary>
    /// The same way for calls beside a stage's own, with what was learnt of the managers: the one that answered last comes first. A manager that takes its time keeps its
    /// connection: the stage's calls and commands are on it.
    /// </summary>
    /// <param name="other">Who asks.</param>
    /// <param name="limit">How long one manager may think, where there is another one to ask; null for the usual time.</param>
    public ManagerRoute For(IOperationContext other, TimeSpan? limit) => new(other, this, limit);

    private ManagerRoute(IOperationContext other, ManagerRoute route, TimeSpan? limit)
        : this(other, route.SwarmId, route.Managers) =>
        (preferred, isGuest, answerLimit) = (route.preferred, true, route.Managers.Count > 1 && limit is { } given ? given : route.answerLimit);

    private IReadOnlyList<INodeConnection> Managers => managers;

    /// <summary>The swarm's id.</summary>
    public string SwarmId => swarmId;

    /// <summary>Reads the swarm as its leader sees it.</summary>
    /// <exception cref="SwarmOpsException"><c>SwarmHasNoLeader</c>, the transport's errors.</exception>
    public Task<SwarmView> ReadAsync(TimeSpan timeout) => AskAsync((manager, token) => SwarmView.ReadAsync(manager, swarmId, token), timeout);

    /// <summary>Reads one member; null when it is not one.</summary>
    /// <exception cref="SwarmOpsException">As <see cref="ReadAsync"/>.</exception>
    public async Task<NodeListResponse?> FindAsync(string nodeId, TimeSpan timeout)
    {
        try
        {
            return await AskAsync((manager, token) => manager.AskAsync(engine => engine.Swarm.InspectNodeAsync(nodeId, token), token), timeout).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
    }

    /// <summary>Changes a member's spec, whoever else changes it at the same time.</summary>
    /// <returns>Whether anything was sent.</returns>
    /// <exception cref="SwarmOpsException">As <see cref="ReadAsync"/>.</exception>
    public Task<bool> UpdateAsync(string nodeId, Func<NodeUpdateParameters, bool> change, TimeSpan timeout) =>
        AskAsync((manager, token) => NodeSpecUpdater.UpdateAsync(manager, nodeId, change, token), timeout);

    /// <summary>Asks a manager; when it has no leader or cannot be reached, the next one, again and again until the time is up.</summary>
    /// <exception cref="SwarmOpsException"><c>SwarmHasNoLeader</c>, the transport's errors.</exception>
    public async Task<T> AskAsync<T>(Func<INodeConnection, CancellationToken, Task<T>> question, TimeSpan timeout)
    {
        var deadline = Deadline.In(timeout);
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
                    context.WriteVerbose($"{manager.Node.Name}: the request failed; trying another manager. {error.Message}");
                    last = error;
                    if (error.Kind == ErrorKind.Connection && !(isGuest && error.ErrorId == "ManagerDoesNotAnswer"))
                        await manager.ResetAsync().ConfigureAwait(false);
                }
            }

            if (!deadline.LeavesTimeFor(Pause))
                throw last!.Kind == ErrorKind.Connection ? last : SwarmErrors.SwarmHasNoLeader([.. managers.Select(manager => manager.Node)], last);
            await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether another manager, or the same one a little later, may well answer.</summary>
    public static bool IsPassing(SwarmOpsException error) =>
        error.Kind == ErrorKind.Connection
        || error.ErrorId == "EngineNotRunning"
        || SwarmLocator.IsNoLeader(error)
        || error.InnerException is DockerApiException { StatusCode: HttpStatusCode.ServiceUnavailable };

    private async Task<T> AskOneAsync<T>(INodeConnection manager, Func<INodeConnection, CancellationToken, Task<T>> question)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        limit.CancelAfter(answerLimit);
        try
        {
            return await question(manager, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw ManagerErrors.ManagerDoesNotAnswer(manager.Node, answerLimit);
        }
    }
}
