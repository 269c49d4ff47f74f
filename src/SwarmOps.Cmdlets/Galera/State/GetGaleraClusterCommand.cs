using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services;

namespace SwarmOps.Galera.State;

/// <summary>Shows Galera clusters as their own nodes describe them, and what is wrong with them.</summary>
[Cmdlet(VerbsCommon.Get, "GaleraCluster")]
[OutputType(typeof(GaleraCluster))]
public sealed class GetGaleraClusterCommand : NodeSetCmdlet
{
    /// <summary>Names, with wildcards; all without it.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GaleraClusterNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>A database account to ask the servers with, where root's password is not the one in the cluster's secret.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RootCredential { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new GetGaleraOperation(context, ThrottleLimit, RootCredential?.GetNetworkCredential()).RunAsync(nodes, NameFilters.From(Name));
}
