using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Edge;

/// <summary>Puts a service close to its readers: on every node, with ports of the host, updated one region at a time.</summary>
[Cmdlet(VerbsCommon.New, "SwarmEdgeService", SupportsShouldProcess = true)]
[OutputType(typeof(SwarmService))]
public sealed class NewSwarmEdgeServiceCommand : ServiceDefinitionCmdlet
{
    /// <summary>Name of the service; each region's is called <c>name-region</c>.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Regions to serve, in the order in which they are updated; all of the swarm without it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Region { get; set; } = [];

    /// <summary>One task in each region, on whichever of its nodes; else one on every node.</summary>
    [Parameter]
    public SwitchParameter OnePerRegion { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var options = Options();
        if (!Has(nameof(CreateMountPath)))
            options = options with { MountPaths = MountPathOptions.Create(MountOwner, MountMode) };
        return new EdgeServiceOperation(context, options) { OnePerRegion = OnePerRegion }.RunAsync(nodes, Request(Name), Region);
    }
}
