using System.Management.Automation;
using System.Security;
using SwarmOps.Transport;

namespace SwarmOps.Completion;

/// <summary>
/// The nodes that a Tab can ask: those that the command line speaks of, else those that the session's last stage worked with.
/// </summary>
internal sealed class NodesAtHand
{
    /// <summary>
    /// Connections are shared with the stages, so they are opened as theirs are by default; how long a Tab waits is another matter.
    /// </summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    private readonly CompletionRequest request;
    private readonly CompletionSession? session;
    private readonly ConnectionOptions options;

    private NodesAtHand(CompletionRequest request, CompletionSession? session, IReadOnlyList<SwarmNode> nodes)
    {
        (this.request, this.session, Nodes) = (request, session, nodes);
        options = new ConnectionOptions(GivenCredential(request), ConnectTimeout);
    }

    /// <summary>The nodes; there may be none.</summary>
    public IReadOnlyList<SwarmNode> Nodes { get; }

    /// <summary>Finds them.</summary>
    public static NodesAtHand Of(CompletionRequest request)
    {
        var session = CompletionSession.Current;
        var named = NodeFinder.Find(request);
        return new NodesAtHand(request, session, named.Count > 0 ? named : session?.RecentNodes ?? []);
    }

    /// <summary>The answer to a question about these nodes, from memory or asked now; null when none came in time.</summary>
    /// <param name="what">What is asked.</param>
    /// <param name="ask">Asks.</param>
    public T? Recall<T>(string what, Func<CancellationToken, Task<T>> ask)
        where T : class =>
        session is null || Nodes.Count == 0
            ? null
            : session.Answers.Recall($"{what}\n{string.Join('\n', Nodes.Select(NodeFinder.EndpointOf))}", ask, request.TimeLeft);

    /// <summary>Asks the nodes in an order until one answers; the one that did so the last time comes first.</summary>
    public Task<T> AskOneAsync<T>(
        IEnumerable<SwarmNode> order,
        Func<INodeConnection, CancellationToken, Task<T>> ask,
        CancellationToken cancellationToken
    ) =>
        FirstAnswer.OfAsync(
            order.OrderByDescending(node => NodeFinder.EndpointOf(node) == session!.LastAnswering),
            async node =>
            {
                var answer = await ask(session!.Connections.Get(node, options), cancellationToken).ConfigureAwait(false);
                session.LastAnswering = NodeFinder.EndpointOf(node);
                return answer;
            },
            cancellationToken
        );

    /// <summary>Asks several nodes and takes the answers of those who are quick.</summary>
    public Task<IReadOnlyList<T>> AskEachAsync<T>(
        IEnumerable<SwarmNode> nodes,
        Func<INodeConnection, CancellationToken, Task<T>> ask,
        CancellationToken cancellationToken
    ) => FirstAnswer.OfEachAsync(nodes, node => ask(session!.Connections.Get(node, options), cancellationToken), cancellationToken);

    /// <summary>What the command line gives to open the nodes with.</summary>
    private static NodeCredential? GivenCredential(CompletionRequest request)
    {
        var given = new NodeCredential
        {
            Password = request.Value<PSCredential>("Credential"),
            PrivateKey = request.Value<SecureString>("PrivateKey"),
            KeyPassphrase = request.Value<SecureString>("KeyPassphrase"),
        };
        return given is { Password: null, PrivateKey: null, KeyPassphrase: null } ? null : given;
    }
}
