using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Galera.Workload;

/// <summary>Watches a Galera cluster while applications use it, and says what they do that does not go well with Galera.</summary>
[Cmdlet(VerbsDiagnostic.Test, "GaleraWorkload", SupportsShouldProcess = true)]
[OutputType(typeof(GaleraWorkload))]
public sealed class TestGaleraWorkloadCommand : NodeSetCmdlet
{
    /// <summary>Name of the cluster.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GaleraClusterNameCompleter))]
    public string Name { get; set; } = "galera";

    /// <summary>How long the cluster is watched, in seconds.</summary>
    [Parameter]
    [ValidateRange(2, 86400)]
    public int Duration { get; set; } = 60;

    /// <summary>Makes the servers log conflicts in the period, and reads which rows conflicted.</summary>
    [Parameter]
    public SwitchParameter LogConflicts { get; set; }

    /// <summary>A database account for querying the servers, instead of root with the cluster's secret.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RootCredential { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new TestGaleraWorkloadOperation(
            context,
            new TestGaleraWorkloadRequest(nodes, Name)
            {
                Duration = TimeSpan.FromSeconds(Duration),
                LogsConflicts = LogConflicts,
                Login = RootCredential?.GetNetworkCredential(),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
