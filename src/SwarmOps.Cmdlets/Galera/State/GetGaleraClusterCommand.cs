using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.State;

/// <summary>Gets Galera clusters as their own nodes report them, with findings.</summary>
[Cmdlet(VerbsCommon.Get, "GaleraCluster")]
[OutputType(typeof(GaleraCluster))]
public sealed class GetGaleraClusterCommand : NodeSetCmdlet
{
    /// <summary>Names, with wildcards; by default all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GaleraClusterNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>A database account for querying the servers, if root's password differs from the cluster's secret.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RootCredential { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new GetGaleraOperation(
            context,
            new GetGaleraRequest(nodes)
            {
                Names = NameFilters.From(Name),
                Login = RootCredential?.GetNetworkCredential(),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
