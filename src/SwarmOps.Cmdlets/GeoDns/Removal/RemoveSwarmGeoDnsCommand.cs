using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services;

namespace SwarmOps.GeoDns.Removal;

/// <summary>Removes the name servers of a zone.</summary>
[Cmdlet(
    VerbsCommon.Remove,
    "SwarmGeoDns",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ByName
)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmGeoDnsCommand() : RemoveCmdlet<SwarmGeoDns>(zone => zone.SwarmId, zone => zone.Nodes, zone => zone.Zone)
{
    private const string ByZone = "ByZone";

    /// <summary>The nodes of the swarm; by default the nodes of the zones from the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByZone)]
    [ValidateNotNullOrEmpty]
    public override SwarmNode[] Node { get; set; } = [];

    /// <summary>Name of the zone.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GeoDnsZoneCompleter))]
    public string Zone { get; set; } = "";

    /// <summary>The zones, from <c>New-SwarmGeoDns</c> or <c>Get-SwarmGeoDns</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByZone)]
    [ValidateNotNullOrEmpty]
    public SwarmGeoDns[] InputObject { get; set; } = [];

    /// <summary>How long the name servers may take to stop, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <inheritdoc/>
    private protected override SwarmGeoDns[] Given => InputObject;

    /// <inheritdoc/>
    private protected override IEnumerable<(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<SwarmGeoDns> Items)> Batches(
        TargetInput<SwarmGeoDns> input
    ) => input.OneByOne(Node);

    /// <inheritdoc/>
    private protected override Task RemoveNamedAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        RemoveAsync(context, nodes, Zone);

    /// <inheritdoc/>
    private protected override Task RemoveGivenAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> nodes,
        IReadOnlyList<SwarmGeoDns> items
    ) => RemoveAsync(context, nodes, items[0].Zone);

    private Task RemoveAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, string zone) =>
        new RemoveGeoDnsOperation(
            context,
            new RemoveGeoDnsRequest(nodes, zone)
            {
                Options = new ServiceOptions { Timeout = TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit = ThrottleLimit },
            }
        ).RunAsync();
}
