using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services.Specification;

namespace SwarmOps.Services;

/// <summary>Creates a service and waits until it has converged, or reports why it did not.</summary>
[Cmdlet(VerbsCommon.New, "SwarmService", SupportsShouldProcess = true)]
[OutputType(typeof(SwarmService))]
public sealed class NewSwarmServiceCommand : ServiceDefinitionCmdlet
{
    /// <summary>Name of the service.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>Replicated or global service, or a job whose tasks run to completion.</summary>
    [Parameter]
    public SwarmServiceMode Mode { get; set; }

    /// <summary>An existing service to copy; other parameters override its settings.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string? Like { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var service = Request(Name) with { Mode = Has(nameof(Mode)) ? Mode : null };
        return new CreateServiceOperation(
            context,
            new CreateServiceRequest(nodes, service) { Like = Like, Options = Options() }
        ).RunAsync();
    }
}
