using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services.Stored;

namespace SwarmOps.Services;

/// <summary>Base of the cmdlets that remove services and what belongs to them: by name with the nodes of the swarm, or objects from the pipeline.</summary>
/// <typeparam name="T">Type of the objects.</typeparam>
public abstract class RemoveCmdlet<T> : SwarmChangeCmdlet
{
    private protected const string ByName = "ByName";
    private protected const string ByObject = "ByObject";

    private readonly TargetInput<T> input;

    private protected RemoveCmdlet(Func<T, string> swarmOf, Func<T, IReadOnlyList<SwarmNode>> nodesOf, Func<T, string> nameOf) =>
        input = new(swarmOf, nodesOf, item => StoredErrors.ServiceNodeMissing(nameOf(item)));

    /// <summary>The nodes of the swarm; by default the nodes of the objects from the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>The objects from the pipeline.</summary>
    private protected abstract T[] Given { get; }

    /// <summary>Removes what the cmdlet's own parameters name, from one swarm.</summary>
    private protected abstract Task RemoveNamedAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes);

    /// <summary>Removes objects from one swarm.</summary>
    private protected abstract Task RemoveGivenAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, IReadOnlyList<T> items);

    /// <summary>The objects that are removed together, with the nodes to ask.</summary>
    private protected virtual IEnumerable<(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<T> Items)> Batches(TargetInput<T> input) =>
        input.BySwarm(Node);

    /// <inheritdoc/>
    private protected sealed override Task ProcessAsync(IOperationContext context)
    {
        if (ParameterSetName == ByName)
            input.Add(Node);
        else
            input.Add(Given);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected sealed override async Task EndAsync(IOperationContext context)
    {
        if (ParameterSetName == ByName)
        {
            if (input.Nodes() is { Count: > 0 } nodes)
                await ChangeAsync(context, scope => RemoveNamedAsync(scope, nodes)).ConfigureAwait(false);
            return;
        }

        foreach (var (nodes, items) in Batches(input))
            await ChangeAsync(context, scope => RemoveGivenAsync(scope, nodes, items)).ConfigureAwait(false);
    }
}
