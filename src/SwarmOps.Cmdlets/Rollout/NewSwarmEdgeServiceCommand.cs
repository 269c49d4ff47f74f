using System.Management.Automation;
using SwarmOps.GeoDns.Drain;
using SwarmOps.Pipeline;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Rollout;

/// <summary>Creates or updates a service close to its clients: on every node, with host ports, one region at a time.</summary>
[Cmdlet(VerbsCommon.New, "SwarmEdgeService", SupportsShouldProcess = true)]
[OutputType(typeof(SwarmService))]
public sealed class NewSwarmEdgeServiceCommand : ServiceDefinitionCmdlet
{
    /// <summary>Name of the service; each region's is called <c>name-region</c>.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EdgeServiceNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Regions to serve, in the order in which they are updated; by default all regions of the swarm.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeRegionCompleter))]
    public string[] Region { get; set; } = [];

    /// <summary>Runs one task in each region, on any of its nodes, instead of one on every node.</summary>
    [Parameter]
    public SwitchParameter OnePerRegion { get; set; }

    /// <summary>Does not take a region out of DNS while its tasks are replaced.</summary>
    [Parameter]
    public SwitchParameter NoDrain { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        // A task may run on any node of its region, so missing directories are created on all of them unless -CreateMountPath:$false was specified.
        var options = Options(CreateMountPath || !Has(nameof(CreateMountPath))) with
        {
            Traffic = NoDrain ? null : new GeoDnsTraffic(),
        };
        return new EdgeServiceOperation(
            context,
            new EdgeServiceRequest(nodes, Request(Name))
            {
                Regions = Region,
                OnePerRegion = OnePerRegion,
                Options = options,
            }
        ).RunAsync();
    }
}
