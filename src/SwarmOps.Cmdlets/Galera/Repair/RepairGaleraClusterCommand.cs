using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Swarm;

namespace SwarmOps.Galera.Repair;

/// <summary>Brings a Galera cluster back that does not come back by itself, without losing what any node has committed.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "GaleraCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(GaleraCluster))]
public sealed class RepairGaleraClusterCommand : NodeSetChangeCmdlet
{
    /// <summary>Name of the cluster.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GaleraClusterNameCompleter))]
    public string Name { get; set; } = "galera";

    /// <summary>The history to keep, where the nodes hold different ones.</summary>
    [Parameter]
    public Guid? Uuid { get; set; }

    /// <summary>Name of the node to begin from, or whose history is kept; the furthest when not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string? From { get; set; }

    /// <summary>Goes on though data may be lost; a warning names it.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>A database account to ask the servers with, where root's password is not the one in the cluster's secret.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RootCredential { get; set; }

    /// <summary>How long each node may take until it is Synced, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 600;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new RepairGaleraOperation(context, new RepairChoice(Uuid?.ToString("D"), From, Force), TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit, RootCredential?.GetNetworkCredential()).RunAsync(nodes, Name);
}
