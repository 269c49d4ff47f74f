using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Swarm;

namespace SwarmOps.Services.Edge;

/// <summary>Puts a service close to its readers: on every node, with ports of the host, updated one region at a time.</summary>
[Cmdlet(VerbsCommon.New, "SwarmEdgeService", SupportsShouldProcess = true)]
[OutputType(typeof(SwarmService))]
public sealed class NewSwarmEdgeServiceCommand : ServiceDefinitionCmdlet
{
    /// <summary>Name of the service; each region's is called <c>name-region</c>.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EdgeServiceNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Regions to serve, in the order in which they are updated; all of the swarm without it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeRegionCompleter))]
    public string[] Region { get; set; } = [];

    /// <summary>One task in each region, on whichever of its nodes; else one on every node.</summary>
    [Parameter]
    public SwitchParameter OnePerRegion { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        // It may run on any node of its region, so it makes its directories on all of them unless -CreateMountPath:$false was given.
        return new EdgeServiceOperation(context, Options(CreateMountPath || !Has(nameof(CreateMountPath)))) { OnePerRegion = OnePerRegion }.RunAsync(nodes, Request(Name), Region);
    }
}
