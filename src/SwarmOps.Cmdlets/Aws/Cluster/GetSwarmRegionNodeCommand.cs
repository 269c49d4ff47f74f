using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Cluster;

/// <summary>Gets a cluster's node set from the tags of its EC2 instances, in all or the specified regions.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmRegionNode")]
[OutputType(typeof(SwarmNode))]
public sealed class GetSwarmRegionNodeCommand : AwsCmdlet
{
    /// <summary>Names of clusters, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    public string[] Cluster { get; set; } = [];

    /// <summary>Names of nodes, with wildcards; by default all.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegionNodeNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Path of the SSH private key file; by default ~/.ssh/swarmops-CLUSTER, if it exists.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? KeyFilePath { get; set; }

    /// <inheritdoc/>
    private protected override Task EndAsync(IOperationContext context) =>
        WithEc2Async(
            context,
            clients =>
                new GetRegionNodeOperation(
                    context,
                    clients,
                    new GetRegionNodeRequest(NameFilters.From(Cluster))
                    {
                        Names = NameFilters.From(Name),
                        KeyFilePath = KeyFilePath is null ? null : FullPath(KeyFilePath),
                        Credential = GivenCredential,
                        ThrottleLimit = ThrottleLimit,
                    }
                ).RunAsync()
        );
}
