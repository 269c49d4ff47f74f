using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Stored;

/// <summary>Base of the cmdlets that get secrets or configs.</summary>
public abstract class GetStoredCmdlet : NodeSetCmdlet
{
    private readonly StoredKind kind;

    private protected GetStoredCmdlet(StoredKind kind) => this.kind = kind;

    /// <summary>Names, with wildcards; by default all.</summary>
    public abstract string[] Name { get; set; }

    /// <summary>Includes older versions that a rotation has left.</summary>
    [Parameter]
    public SwitchParameter AllVersions { get; set; }

    /// <inheritdoc/>
    private protected sealed override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new GetStoredOperation(
            context,
            new GetStoredRequest(nodes, kind)
            {
                Names = NameFilters.From(Name),
                AllVersions = AllVersions,
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
