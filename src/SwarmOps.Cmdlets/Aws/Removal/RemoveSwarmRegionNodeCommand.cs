using System.Management.Automation;
using SwarmOps.Aws.Cluster;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Removal;

/// <summary>Terminates instances of a cluster, or all of them, after they have left their swarm in a safe order, and removes their resources.</summary>
[Cmdlet(
    VerbsCommon.Remove,
    "SwarmRegionNode",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ByNode
)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmRegionNodeCommand : AwsCmdlet
{
    private const string ByNode = "ByNode";
    private const string ByCluster = "ByCluster";

    private readonly List<SwarmNode> nodes = [];

    /// <summary>The nodes, from New-SwarmRegionNode or Get-SwarmRegionNode.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByNode)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>Name of a cluster to remove completely, or with -Region in those regions.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByCluster)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    public string Cluster { get; set; } = "";

    /// <summary>Managers outside the cluster that stay in the swarm, for contacting it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Manager { get; set; } = [];

    /// <summary>Removes instances even if their nodes cannot leave or the swarm loses its quorum or is dissolved, and disables termination protection.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Does not drain the nodes first: their tasks end with the instance.</summary>
    [Parameter]
    public SwitchParameter SkipDrain { get; set; }

    /// <summary>Path of the SSH private key file for nodes that are found by their tags; by default ~/.ssh/swarmops-CLUSTER, if it exists.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyFilePath { get; set; }

    /// <summary>Time limit of each wait, and how long a call is repeated while EC2 throttles it, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <summary>How long to wait for another command that is changing the swarm, in seconds; 0 does not wait for a command that is still running.</summary>
    [Parameter]
    [ValidateRange(0, LockSettings.LongestWaitSeconds)]
    public int WaitForLock { get; set; } = LockSettings.DefaultWaitSeconds;

    /// <inheritdoc/>
    private protected override Task ProcessAsync(IOperationContext context)
    {
        nodes.AddRange(Node);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected override Task EndAsync(IOperationContext context)
    {
        if (ParameterSetName == ByNode && nodes.Count == 0)
            return Task.CompletedTask;
        if (ParameterSetName == ByNode && Region.Length > 0)
            throw RemovalErrors.RegionWithNodes();
        NodeSet.Check(nodes);
        var cluster = ParameterSetName == ByCluster ? ClusterNames.Check(Cluster) : null;
        var options = new RegionRemovalOptions
        {
            Force = Force,
            Drain = !SkipDrain,
            KeyFilePath = KeyFilePath is null ? null : FullPath(KeyFilePath),
            Credential = GivenCredential,
            Managers = Manager,
            Lock = LockSettings.Of(this, WaitForLock),
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
            ThrottleLimit = ThrottleLimit,
        };
        return WithEc2Async(
            context,
            async clients =>
            {
                IReadOnlyList<RemovalSelection> selections = cluster is null
                    ? await GivenNodes.SelectAsync(context, clients, nodes, ThrottleLimit).ConfigureAwait(false)
                    : [new RemovalSelection(cluster, null, clients.GivenRegions)];
                foreach (var selection in selections)
                    await new RegionRemovalOperation(context, clients, new RegionRemovalRequest(selection) { Options = options })
                        .RunAsync()
                        .ConfigureAwait(false);
            },
            options.Timeout
        );
    }
}
