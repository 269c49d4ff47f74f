using System.Management.Automation;

namespace SwarmOps.Pipeline;

/// <summary>A cmdlet that needs the whole node set before it can act: collects its pipeline input.</summary>
public abstract class NodeSetCmdlet : ThrottledCmdlet
{
    private readonly List<SwarmNode> nodes = [];
    private EarlyConnections? connections;

    /// <summary>The nodes, from <c>New-SwarmNode</c> or an earlier cmdlet of the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>Whether <c>-Confirm:$false</c> was specified.</summary>
    private protected bool IsConfirmedBeforehand =>
        MyInvocation.BoundParameters.TryGetValue("Confirm", out var confirm) && confirm is SwitchParameter { IsPresent: false };

    /// <summary>How the swarm's lock is taken; null for a cmdlet that changes no swarm.</summary>
    private protected virtual LockSettings? Lock => null;

    /// <summary>Processes the whole node set, in the order of the input.</summary>
    private protected abstract Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes);

    /// <inheritdoc/>
    private protected sealed override Task ProcessAsync(IOperationContext context)
    {
        nodes.AddRange(Node);
        connections ??= new EarlyConnections(ThrottleLimit);
        foreach (var node in Node)
            connections.Begin(context, node);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected sealed override Task EndAsync(IOperationContext context)
    {
        if (nodes.Count == 0)
            return Task.CompletedTask;
        NodeSet.Check(nodes);
        return Lock is { } settings
            ? ChangeScope.RunAsync(context, settings, scope => ProcessSetAsync(scope, nodes))
            : ProcessSetAsync(context, nodes);
    }
}
