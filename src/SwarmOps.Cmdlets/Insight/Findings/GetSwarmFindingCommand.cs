using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Insight.Findings;

/// <summary>Gets all that is or will be wrong with a swarm and with what runs on it, the worst first, each with what to do.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmFinding")]
[OutputType(typeof(SwarmFinding))]
public sealed class GetSwarmFindingCommand : SurveyCmdlet
{
    /// <summary>Only findings of these severities.</summary>
    [Parameter]
    public SwarmFindingSeverity[] Severity { get; set; } = [];

    /// <summary>Only findings of these areas. All are observed, since one explains another.</summary>
    [Parameter]
    public SwarmFindingArea[] Area { get; set; } = [];

    /// <summary>Sends no packets between the nodes: neither to each other's ports nor over overlay networks.</summary>
    [Parameter]
    public SwitchParameter SkipPacketTest { get; set; }

    /// <summary>Goes on after the first pass, and writes what is new and what is resolved, until Ctrl+C.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>With -Wait: the pause between two passes, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int IntervalSeconds { get; set; } = 60;

    /// <summary>How long to wait for a leader election, in seconds; 0 does not wait.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new FindOperation(
            context,
            new FindRequest(nodes)
            {
                Severities = Severity,
                Areas = Area,
                SendsPackets = !SkipPacketTest,
                Interval = Wait ? TimeSpan.FromSeconds(IntervalSeconds) : null,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
                Firewall = Firewall,
            }
        ).RunAsync();
}
