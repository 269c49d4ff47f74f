using System.Management.Automation;

namespace SwarmOps.Pipeline;

/// <summary>A stage that needs the whole node set before it can act: collects what comes down the pipeline.</summary>
public abstract class NodeSetCmdlet : SwarmCmdlet
{
    private readonly List<SwarmNode> nodes = [];

    /// <summary>The nodes: objects of <c>New-SwarmNode</c> or of an earlier stage.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>How many nodes are worked on at the same time.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 32;

    /// <summary>Whether <c>-Confirm:$false</c> was given.</summary>
    private protected bool IsConfirmedBeforehand => MyInvocation.BoundParameters.TryGetValue("Confirm", out var confirm) && confirm is SwitchParameter { IsPresent: false };

    /// <summary>How the swarm's lock is taken; null for a stage that changes no swarm.</summary>
    private protected virtual LockSettings? Lock => null;

    /// <summary>Acts on the whole set, in the order in which it came.</summary>
    private protected abstract Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes);

    /// <inheritdoc/>
    private protected sealed override Task ProcessAsync(IOperationContext context)
    {
        nodes.AddRange(Node);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected sealed override Task EndAsync(IOperationContext context)
    {
        if (nodes.Count == 0)
            return Task.CompletedTask;
        NodeSet.Check(nodes);
        return Lock is { } settings ? ChangeScope.RunAsync(context, settings, scope => ProcessSetAsync(scope, nodes)) : ProcessSetAsync(context, nodes);
    }
}
