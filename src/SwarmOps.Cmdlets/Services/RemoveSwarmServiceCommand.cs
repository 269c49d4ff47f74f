using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services.Stored;

namespace SwarmOps.Services;

/// <summary>Removes services and waits until their containers have stopped.</summary>
[Cmdlet(VerbsCommon.Remove, "SwarmService", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ByName)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmServiceCommand : SwarmChangeCmdlet
{
    private const string ByName = "ByName";
    private const string ByService = "ByService";

    private readonly List<SwarmNode> nodes = [];
    private readonly List<SwarmService> services = [];

    /// <summary>The nodes of the swarm; by default the nodes of the services from the pipeline.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByService)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>Names of the services.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The services, from <c>New-SwarmService</c> or <c>Get-SwarmService</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByService)]
    [ValidateNotNullOrEmpty]
    public SwarmService[] Service { get; set; } = [];

    /// <summary>Does not wait for the containers.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>How long each service's containers may take to stop, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override Task ProcessAsync(IOperationContext context)
    {
        if (ParameterSetName == ByService)
            services.AddRange(Service);
        else
            nodes.AddRange(Node);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected override async Task EndAsync(IOperationContext context)
    {
        var options = new ServiceOptions { NoWait = NoWait, Timeout = TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit = ThrottleLimit };
        if (ParameterSetName == ByName)
        {
            NodeSet.Check(nodes);
            if (nodes.Count > 0)
                await ChangeAsync(context, scope => new RemoveServiceOperation(scope, options).RunAsync(nodes, Name)).ConfigureAwait(false);
            return;
        }

        foreach (var swarm in services.GroupBy(service => service.SwarmId))
        {
            IReadOnlyList<SwarmNode> members = Node.Length > 0 ? Node : [.. swarm.SelectMany(service => service.Nodes).DistinctBy(node => node.Name)];
            if (members.Count == 0)
                throw StoredErrors.ServiceNodeMissing(swarm.First().Name);
            NodeSet.Check(members);
            await ChangeAsync(context, scope => new RemoveServiceOperation(scope, options).RunAsync(members, [.. swarm.Select(service => service.Id)])).ConfigureAwait(false);
        }
    }
}
