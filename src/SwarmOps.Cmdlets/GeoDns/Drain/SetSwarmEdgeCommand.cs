using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Edge;
using SwarmOps.Swarm.Members;

namespace SwarmOps.GeoDns.Drain;

/// <summary>Takes regions or nodes of an edge service out of DNS before they are changed, and brings them back when they are healthy.</summary>
[Cmdlet(VerbsCommon.Set, "SwarmEdge", SupportsShouldProcess = true, DefaultParameterSetName = Leaving)]
[OutputType(typeof(SwarmGeoDns))]
public sealed class SetSwarmEdgeCommand : NodeSetChangeCmdlet
{
    private const string Leaving = "Out";
    private const string Returning = "In";

    /// <summary>The edge service.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EdgeServiceNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Regions.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeRegionCompleter))]
    public string[] Region { get; set; } = [];

    /// <summary>Names of nodes.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string[] NodeName { get; set; } = [];

    /// <summary>Takes them out of DNS, and waits until resolvers have forgotten them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Leaving)]
    public SwitchParameter Out { get; set; }

    /// <summary>Brings them back into DNS once they are seen healthy from another region.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Returning)]
    public SwitchParameter In { get; set; }

    /// <summary>Takes them out even if no healthy region is left.</summary>
    [Parameter(ParameterSetName = Leaving)]
    public SwitchParameter Force { get; set; }

    /// <summary>How long each name server may take to start with the change, and with -In how long they may take to be seen healthy, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        if (Region.Length == 0 && NodeName.Length == 0)
            throw GeoDnsErrors.EdgeTargetMissing(Name);
        // Each set has its own switch, so one of them is specified; -Out:$false is the other.
        var isOut = ParameterSetName == Leaving ? Out.IsPresent : !In.IsPresent;
        return new SetEdgeOperation(
            context,
            new SetEdgeRequest(nodes, Name)
            {
                Regions = Region,
                NodeNames = NodeName,
                IsOut = isOut,
                IsForced = Force,
                HealthTimeout = TimeSpan.FromSeconds(TimeoutSeconds),
                Options = new ServiceOptions { Timeout = TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit = ThrottleLimit },
            }
        ).RunAsync();
    }
}
