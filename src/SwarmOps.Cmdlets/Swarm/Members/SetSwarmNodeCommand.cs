using System.Collections;
using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Members;

/// <summary>Changes availability and labels of members of a swarm. Settings that are not specified stay unchanged.</summary>
[Cmdlet(VerbsCommon.Set, "SwarmNode", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SwarmNode))]
public sealed class SetSwarmNodeCommand : NodeSetChangeCmdlet
{
    /// <summary>Availability of the nodes: Active, Pause (no new tasks), Drain (tasks move to other nodes).</summary>
    [Parameter]
    public SwarmNodeAvailability Availability { get; set; }

    /// <summary>Labels to set, as <c>@{ disk = 'ssd' }</c>; other labels stay unchanged.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Label { get; set; }

    /// <summary>Names of labels to remove; labels that do not exist are ignored.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeLabelCompleter))]
    public string[] RemoveLabel { get; set; } = [];

    /// <summary>The label <c>region</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeRegionCompleter))]
    public string? Region { get; set; }

    /// <summary>The label <c>zone</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeZoneCompleter))]
    public string? Zone { get; set; }

    /// <summary>Managers of the swarm, when the nodes of the pipeline include none.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Manager { get; set; } = [];

    /// <summary>How long to wait for a leader election, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var settings = NodeSettings.Create(Has(nameof(Availability)) ? Availability : null, Label, RemoveLabel, Region, Zone);
        return new NodeSettingOperation(
            context,
            new NodeSettingRequest(nodes, settings)
            {
                Managers = Manager,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
    }
}
