using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Services;

namespace SwarmOps.Stacks;

/// <summary>Writes a running stack as a Compose file that publishes to the same.</summary>
[Cmdlet(VerbsData.Export, "SwarmStack", SupportsShouldProcess = true)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class ExportSwarmStackCommand : NodeSetCmdlet
{
    /// <summary>Name of the stack.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The file to write; by default the text is written to the pipeline.</summary>
    [Parameter(Position = 2)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Services to write in place of those of the stack, with wildcards: of any stack, or of none.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    public string[] Service { get; set; } = [];

    /// <summary>Replaces a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new ExportStackOperation(
            context,
            new ExportStackRequest(nodes, Name)
            {
                Services = NameFilters.From(Service),
                Path = Path is null ? null : FullPath(Path),
                Overwrites = Force,
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
