using System.Management.Automation;
using SwarmOps.Galera;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Recovery.Databases;

/// <summary>Restores the database of a Galera cluster from a backup on one host, and lets the cluster form from it.</summary>
[Cmdlet(VerbsData.Restore, "GaleraCluster", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(GaleraCluster))]
public sealed class RestoreGaleraClusterCommand : RestoreCmdlet
{
    /// <summary>Name of the cluster.</summary>
    [Parameter(Position = 2)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GaleraClusterNameCompleter))]
    public string Name { get; set; } = "galera";

    /// <summary>Name of the host on which the database is restored; by default the one that was backed up, else the first with a node of the cluster.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string? On { get; set; }

    /// <summary>The data directory on the hosts, for a cluster whose services do not exist; by default the one of the backup.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DataPath { get; set; }

    /// <summary>Moves data that is on the hosts aside instead of refusing.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>How long the database and each node may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(60, 604800)]
    public int TimeoutSeconds { get; set; } = 43200;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new RestoreGaleraOperation(
            context,
            new RestoreGaleraRequest(nodes, Place(), PassphraseText(), Name)
            {
                On = On,
                DataPath = DataPath,
                Force = Force,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
