using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace SwarmOps.Completion;

/// <summary>
/// What one PowerShell session remembers for Tab: the nodes that its last stage worked with, recent answers, and open connections. By
/// runspace, since Azure Automation may run jobs of different owners in one process; it is forgotten with the runspace.
/// </summary>
internal sealed class CompletionSession
{
    /// <summary>How long one Tab may hold the prompt.</summary>
    public static readonly TimeSpan DefaultBudget = TimeSpan.FromSeconds(1);

    /// <summary>How long connections stay open after the last Tab: long enough to type the rest of the line.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private static readonly ConditionalWeakTable<Runspace, CompletionSession> Sessions = [];

    private IReadOnlyList<RecentNode> recent = [];

    private CompletionSession(Runspace runspace) => Connections = new KeptConnections(runspace.InstanceId, Idle);

    /// <summary>The session of the current thread; null where there is none.</summary>
    public static CompletionSession? Current => Of(Runspace.DefaultRunspace);

    /// <summary>How long one Tab may hold this session's prompt.</summary>
    public TimeSpan Budget { get; set; } = DefaultBudget;

    /// <summary>Recent answers.</summary>
    public AnswerCache Answers { get; } = new(TimeProvider.System);

    /// <summary>Open connections.</summary>
    public KeptConnections Connections { get; }

    /// <summary>The endpoint of the node that answered last, where one of many is asked: it is asked first the next time.</summary>
    public string? LastAnswering { get; set; }

    /// <summary>The nodes that the session's last stage worked with.</summary>
    public IReadOnlyList<SwarmNode> RecentNodes => [.. recent.Select(node => node.Get())];

    /// <summary>The session of a runspace.</summary>
    public static CompletionSession? Of(Runspace? runspace) =>
        runspace is null ? null : Sessions.GetValue(runspace, static key => new CompletionSession(key));

    /// <summary>
    /// Notes that a stage has ended: what was known may be out of date, and its nodes are what the next line is likely to speak of.
    /// </summary>
    /// <param name="nodes">The nodes that it worked with; none leaves those of the stage before.</param>
    public void NoteStage(IReadOnlyCollection<SwarmNode> nodes)
    {
        Answers.Clear();
        if (nodes.Count > 0)
            recent = [.. nodes.DistinctBy(NodeFinder.EndpointOf, StringComparer.OrdinalIgnoreCase).Select(node => new RecentNode(node))];
    }

    /// <summary>A node without its secrets: those stay in memory only as long as the user's own node objects.</summary>
    private sealed class RecentNode(SwarmNode node)
    {
        private readonly SwarmNode bare = node with { Credential = null };
        private readonly WeakReference<NodeCredential>? credential = node.Credential is { } secrets
            ? new WeakReference<NodeCredential>(secrets)
            : null;

        public SwarmNode Get() =>
            credential is not null && credential.TryGetTarget(out var secrets) ? bare with { Credential = secrets } : bare;
    }
}
