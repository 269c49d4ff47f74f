using System.Management.Automation;
using SwarmOps.Pipeline;

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

    /// <summary>Replaces a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new ExportStackOperation(
            context,
            new ExportStackRequest(nodes, Name)
            {
                Path = Path is null ? null : FullPath(Path),
                Overwrites = Force,
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
