using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services;

/// <summary>Base of the cmdlets that remove one thing made of services, such as a Galera cluster: one by its name, or each object from the pipeline by itself.</summary>
/// <typeparam name="T">Type of the objects.</typeparam>
public abstract class RemoveOneCmdlet<T> : RemoveCmdlet<T>
{
    private readonly Func<T, string> nameOf;

    private protected RemoveOneCmdlet(
        Func<T, string> swarmOf,
        Func<T, IReadOnlyList<SwarmNode>> nodesOf,
        Func<T, string> nameOf,
        int timeoutSeconds = 120
    )
        : base(swarmOf, nodesOf, nameOf) => (this.nameOf, TimeoutSeconds) = (nameOf, timeoutSeconds);

    /// <summary>The objects, from the cmdlets that create and get them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    public T[] InputObject { get; set; } = [];

    /// <summary>How long the containers may take to stop, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; }

    /// <summary>The name from the cmdlet's own parameter.</summary>
    private protected abstract string NameGiven { get; }

    /// <summary>Removes what has a name, from one swarm.</summary>
    private protected abstract Task RemoveAsync(IOperationContext context, RemoveOneRequest request);

    /// <inheritdoc/>
    private protected sealed override T[] Given => InputObject;

    /// <inheritdoc/>
    private protected sealed override IEnumerable<(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<T> Items)> Batches(TargetInput<T> input) =>
        input.OneByOne(Node);

    /// <inheritdoc/>
    private protected sealed override Task RemoveNamedAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        RemoveAsync(context, Request(nodes, NameGiven));

    /// <inheritdoc/>
    private protected sealed override Task RemoveGivenAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> nodes,
        IReadOnlyList<T> items
    ) => RemoveAsync(context, Request(nodes, nameOf(items[0])));

    private RemoveOneRequest Request(IReadOnlyList<SwarmNode> nodes, string name) =>
        new(nodes, name)
        {
            Options = new ServiceOptions { Timeout = TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit = ThrottleLimit },
        };
}
