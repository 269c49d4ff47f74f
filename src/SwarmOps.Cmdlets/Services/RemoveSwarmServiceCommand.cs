using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services;

/// <summary>Removes services and waits until their containers have stopped.</summary>
[Cmdlet(
    VerbsCommon.Remove,
    "SwarmService",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ByName
)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmServiceCommand()
    : RemoveCmdlet<SwarmService>(service => service.SwarmId, service => service.Nodes, service => service.Name)
{
    /// <summary>Names of the services.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The services, from <c>New-SwarmService</c> or <c>Get-SwarmService</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
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
    private protected override SwarmService[] Given => Service;

    /// <inheritdoc/>
    private protected override Task RemoveNamedAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        RemoveAsync(context, nodes, Name);

    /// <inheritdoc/>
    private protected override Task RemoveGivenAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> nodes,
        IReadOnlyList<SwarmService> items
    ) => RemoveAsync(context, nodes, [.. items.Select(service => service.Id)]);

    private Task RemoveAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes, IReadOnlyList<string> namesOrIds) =>
        new RemoveServiceOperation(
            context,
            new RemoveServiceRequest(nodes, namesOrIds)
            {
                Options = new ServiceOptions
                {
                    NoWait = NoWait,
                    Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                    ThrottleLimit = ThrottleLimit,
                },
            }
        ).RunAsync();
}
