using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services;

/// <summary>Waits until services have converged, or reports why they did not.</summary>
[Cmdlet(VerbsLifecycle.Wait, "SwarmService")]
[OutputType(typeof(SwarmService))]
public sealed class WaitSwarmServiceCommand : NodeSetCmdlet
{
    /// <summary>Names of the services.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>How long each service may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <summary>How long all tasks must remain stable, in seconds; by default the update policy's monitor time.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int StableSeconds { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new WaitServiceOperation(
            context,
            new WaitServiceRequest(nodes, Name)
            {
                Options = new ServiceOptions
                {
                    Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                    Stable = Has(nameof(StableSeconds)) ? TimeSpan.FromSeconds(StableSeconds) : null,
                    ThrottleLimit = ThrottleLimit,
                },
            }
        ).RunAsync();
}
