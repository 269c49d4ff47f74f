using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Galera.Repair;

/// <summary>Repairs a Galera cluster that does not recover by itself, without losing committed transactions.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "GaleraCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(GaleraCluster))]
public sealed class RepairGaleraClusterCommand : NodeSetChangeCmdlet
{
    /// <summary>Name of the cluster.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GaleraClusterNameCompleter))]
    public string Name { get; set; } = "galera";

    /// <summary>The state UUID to keep, if the nodes have different ones.</summary>
    [Parameter]
    public Guid? Uuid { get; set; }

    /// <summary>Name of the node to bootstrap from, or whose component is kept; by default the node with the highest seqno.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string? From { get; set; }

    /// <summary>Continues even if data may be lost; a warning reports what.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>A database account for querying the servers, if root's password differs from the cluster's secret.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RootCredential { get; set; }

    /// <summary>How long each node may take to become Synced, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 600;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var choice = new RepairChoice(Uuid?.ToString("D"), From, Force);
        return new RepairGaleraOperation(
            context,
            new RepairGaleraRequest(nodes, Name, choice)
            {
                Login = RootCredential?.GetNetworkCredential(),
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
    }
}
