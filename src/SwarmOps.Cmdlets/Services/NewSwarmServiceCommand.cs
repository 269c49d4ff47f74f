using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Services;

/// <summary>Makes a service and waits until it runs, or says why it does not.</summary>
[Cmdlet(VerbsCommon.New, "SwarmService", SupportsShouldProcess = true)]
[OutputType(typeof(SwarmService))]
public sealed class NewSwarmServiceCommand : ServiceDefinitionCmdlet
{
    /// <summary>Name of the service.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>A number of tasks or one a node; whether they run to their end.</summary>
    [Parameter]
    public SwarmServiceMode Mode { get; set; }

    /// <summary>Starts from an existing service; what else is given differs from it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string? Like { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var request = Request(Name) with { Mode = Has(nameof(Mode)) ? Mode : null };
        return new PutServiceOperation(context, Options()).CreateAsync(nodes, request, Like);
    }
}
