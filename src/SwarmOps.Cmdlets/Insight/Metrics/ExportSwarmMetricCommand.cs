using System.Collections;
using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Insight.Metrics;

/// <summary>Writes what is known of a swarm as OpenMetrics text, for node-exporter's textfile collector and for Pushgateway.</summary>
[Cmdlet(VerbsData.Export, "SwarmMetric", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(string))]
public sealed class ExportSwarmMetricCommand : SurveyCmdlet
{
    /// <summary>The file to write; an existing one is replaced in one step.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Labels of every sample, such as <c>@{ cluster = 'shop' }</c>.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Label { get; set; } = new Hashtable();

    /// <summary>Sends no packets between the nodes.</summary>
    [Parameter]
    public SwitchParameter SkipPacketTest { get; set; }

    /// <summary>Returns the text, too.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>How long to wait for a leader election, in seconds; 0 does not wait.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new ExportMetricOperation(
            context,
            new ExportMetricRequest(nodes, FullPath(Path))
            {
                Labels = NameFilters.Labels(Label),
                SendsPackets = !SkipPacketTest,
                PassThru = PassThru,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
                Firewall = Firewall,
            }
        ).RunAsync();
}
