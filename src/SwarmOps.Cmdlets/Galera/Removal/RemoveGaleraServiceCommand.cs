using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services;

namespace SwarmOps.Galera.Removal;

/// <summary>Removes a Galera cluster's services; data and passwords are kept unless specified.</summary>
[Cmdlet(
    VerbsCommon.Remove,
    "GaleraService",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ByName
)]
[OutputType(typeof(void))]
public sealed class RemoveGaleraServiceCommand()
    : RemoveCmdlet<GaleraCluster>(cluster => cluster.SwarmId, cluster => cluster.Nodes, cluster => cluster.Name)
{
    private const string ByCluster = "ByCluster";

    /// <summary>The nodes of the swarm; by default the nodes of the clusters from the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByCluster)]
    [ValidateNotNullOrEmpty]
    public override SwarmNode[] Node { get; set; } = [];

    /// <summary>Name of the cluster.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GaleraClusterNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The clusters, from <c>New-GaleraService</c> or <c>Get-GaleraCluster</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByCluster)]
    [ValidateNotNullOrEmpty]
    public GaleraCluster[] InputObject { get; set; } = [];

    /// <summary>Deletes the data directories on the hosts, too.</summary>
    [Parameter]
    public SwitchParameter RemoveData { get; set; }

    /// <summary>Removes the secrets, too, unless other services use them.</summary>
    [Parameter]
    public SwitchParameter RemoveSecret { get; set; }

    /// <summary>How long the databases may take to stop, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 180;

    /// <inheritdoc/>
    private protected override GaleraCluster[] Given => InputObject;

    /// <inheritdoc/>
    private protected override IEnumerable<(IReadOnlyList<SwarmNode> Nodes, IReadOnlyList<GaleraCluster> Items)> Batches(
        TargetInput<GaleraCluster> input
    ) => input.OneByOne(Node);

    /// <inheritdoc/>
    private protected override Task RemoveNamedAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        RemoveAsync(context, nodes, Name);

    /// <inheritdoc/>
    private protected override Task RemoveGivenAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> nodes,
        IReadOnlyList<GaleraCluster> items
    ) => RemoveAsync(context, nodes, items[0].Name);

    private Task RemoveAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, string name) =>
        new RemoveGaleraOperation(
            context,
            new RemoveGaleraRequest(nodes, name)
            {
                RemoveData = RemoveData,
                RemoveSecret = RemoveSecret,
                Options = new ServiceOptions { Timeout = TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit = ThrottleLimit },
            }
        ).RunAsync();
}
