using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Members;

/// <summary>Tells how a swarm is: its managers and their quorum, versions, certificates, regions, and what asks for attention. Every given manager is asked.</summary>
[Cmdlet(VerbsCommon.Get, "Swarm")]
[OutputType(typeof(SwarmSummary))]
public sealed class GetSwarmCommand : NodeSetCmdlet
{
    /// <summary>How long to wait for a swarm without a leader, in seconds; 0 tells at once.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new SummaryOperation(context, new SummaryRequest(nodes) { Timeout = TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit = ThrottleLimit }).RunAsync();
}
