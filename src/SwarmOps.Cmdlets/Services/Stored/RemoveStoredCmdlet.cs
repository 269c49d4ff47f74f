using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Base of the cmdlets that remove secrets or configs.</summary>
/// <typeparam name="T">Type of the objects.</typeparam>
public abstract class RemoveStoredCmdlet<T> : RemoveCmdlet<T>
{
    private readonly StoredKind kind;
    private readonly Func<T, string> idOf;

    private protected RemoveStoredCmdlet(
        StoredKind kind,
        Func<T, string> swarmOf,
        Func<T, IReadOnlyList<SwarmNode>> nodesOf,
        Func<T, string> nameOf,
        Func<T, string> idOf
    )
        : base(swarmOf, nodesOf, nameOf) => (this.kind, this.idOf) = (kind, idOf);

    /// <summary>Names, all of whose versions are removed.</summary>
    public abstract string[] Name { get; set; }

    /// <inheritdoc/>
    private protected sealed override Task RemoveNamedAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        RemoveAsync(context, new RemoveStoredRequest(nodes, kind) { Names = Name });

    /// <inheritdoc/>
    private protected sealed override Task RemoveGivenAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> nodes,
        IReadOnlyList<T> items
    ) => RemoveAsync(context, new RemoveStoredRequest(nodes, kind) { Ids = [.. items.Select(idOf)] });

    private Task RemoveAsync(IOperationContext context, RemoveStoredRequest request) =>
        new RemoveStoredOperation(context, request with { ThrottleLimit = ThrottleLimit }).RunAsync();
}
