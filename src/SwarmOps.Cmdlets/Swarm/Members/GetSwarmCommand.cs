using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Members;

/// <summary>Gets the state of a swarm: managers and quorum, versions, certificates, regions, and warnings. Every manager in the node set is queried.</summary>
[Cmdlet(VerbsCommon.Get, "Swarm")]
[OutputType(typeof(SwarmSummary))]
public sealed class GetSwarmCommand : NodeSetCmdlet
{
    /// <summary>How long to wait for a leader election, in seconds; 0 does not wait.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new SummaryOperation(
            context,
            new SummaryRequest(nodes) { Timeout = TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit = ThrottleLimit }
        ).RunAsync();
}
