using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Stored;

namespace SwarmOps.Galera.Removal;

/// <summary>Removes a Galera cluster's services; data and passwords are kept unless specified.</summary>
[Cmdlet(VerbsCommon.Remove, "GaleraService", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ByName)]
[OutputType(typeof(void))]
public sealed class RemoveGaleraServiceCommand : SwarmChangeCmdlet
{
    private const string ByName = "ByName";
    private const string ByCluster = "ByCluster";

    private readonly List<SwarmNode> nodes = [];
    private readonly List<GaleraCluster> clusters = [];

    /// <summary>The nodes of the swarm; by default the nodes of the clusters from the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByCluster)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

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
    private protected override Task ProcessAsync(IOperationContext context)
    {
        if (ParameterSetName == ByCluster)
            clusters.AddRange(InputObject);
        else
            nodes.AddRange(Node);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected override async Task EndAsync(IOperationContext context)
    {
        var options = new ServiceOptions { Timeout = TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit = ThrottleLimit };
        if (ParameterSetName == ByName && nodes.Count > 0)
        {
            NodeSet.Check(nodes);
            await ChangeAsync(context, scope => new RemoveGaleraOperation(scope, options, RemoveData, RemoveSecret).RunAsync(nodes, Name)).ConfigureAwait(false);
        }

        foreach (var cluster in clusters)
        {
            var members = Node.Length > 0 ? Node : cluster.Nodes;
            if (members.Count == 0)
                throw StoredErrors.ServiceNodeMissing(cluster.Name);
            NodeSet.Check(members);
            await ChangeAsync(context, scope => new RemoveGaleraOperation(scope, options, RemoveData, RemoveSecret).RunAsync(members, cluster.Name)).ConfigureAwait(false);
        }
    }
}
