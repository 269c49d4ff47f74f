using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services;

namespace SwarmOps.Stacks;

/// <summary>Removes stacks and waits until their networks are free; volumes are kept.</summary>
[Cmdlet(
    VerbsCommon.Remove,
    "SwarmStack",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ByName
)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmStackCommand() : RemoveCmdlet<SwarmStack>(stack => stack.SwarmId, stack => stack.Nodes, stack => stack.Name)
{
    /// <summary>Names of the stacks.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The stacks, from <c>Get-SwarmStack</c> or <c>Publish-SwarmStack</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNullOrEmpty]
    public SwarmStack[] Stack { get; set; } = [];

    /// <summary>How long each service's containers may take to stop, and each network to be free, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override SwarmStack[] Given => Stack;

    /// <inheritdoc/>
    private protected override Task RemoveNamedAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        RemoveAsync(context, nodes, Name);

    /// <inheritdoc/>
    private protected override Task RemoveGivenAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> nodes,
        IReadOnlyList<SwarmStack> items
    ) => RemoveAsync(context, nodes, [.. items.Select(stack => stack.Name)]);

    private Task RemoveAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, IReadOnlyList<string> names) =>
        new RemoveStackOperation(
            context,
            new RemoveStackRequest(nodes, names)
            {
                Options = new ServiceOptions { Timeout = TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit = ThrottleLimit },
            }
        ).RunAsync();
}
