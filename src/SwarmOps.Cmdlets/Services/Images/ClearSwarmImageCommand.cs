using System.Management.Automation;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;

namespace SwarmOps.Services.Images;

/// <summary>Removes images that no container and no service uses, on all nodes.</summary>
[Cmdlet(VerbsCommon.Clear, "SwarmImage", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SwarmImageCleanup))]
public sealed class ClearSwarmImageCommand : NodeSetChangeCmdlet
{
    /// <summary>Names of images, with wildcards; by default all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Image { get; set; } = [];

    /// <summary>Names of images that are kept, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Exclude { get; set; } = [];

    /// <summary>How long a node must have had an image.</summary>
    [Parameter]
    [ValidateNotNull]
    public TimeSpan OlderThan { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Also removes images that were built or loaded on the node: no registry is known to have them.</summary>
    [Parameter]
    public SwitchParameter IncludeLocal { get; set; }

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new ClearImageOperation(
            context,
            new ClearImageRequest(nodes, OlderThan)
            {
                Images = NameFilters.From(Image),
                Excluded = NameFilters.From(Exclude),
                IncludeLocal = IncludeLocal,
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
