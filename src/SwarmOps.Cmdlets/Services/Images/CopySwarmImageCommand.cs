using System.Management.Automation;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Services.Images;

/// <summary>Copies images to the nodes that lack them, without a registry.</summary>
[Cmdlet(VerbsCommon.Copy, "SwarmImage", SupportsShouldProcess = true, DefaultParameterSetName = ByImage)]
[OutputType(typeof(SwarmImageCopy))]
public sealed class CopySwarmImageCommand : NodeSetCmdlet
{
    private const string ByImage = "Image";

    private const string ByPath = "Path";

    /// <summary>Names of images that a node of the set has.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByImage)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string[] Image { get; set; } = [];

    /// <summary>A file that <c>docker save</c> wrote, compressed by gzip or not.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByPath)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Name of the node that the images are copied from; by default the first that has them.</summary>
    [Parameter(ParameterSetName = ByImage)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    public string? From { get; set; }

    /// <summary>Names of the nodes that the images are copied to, with wildcards; by default all.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    public string[] To { get; set; } = [];

    /// <summary>How long a transfer may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 3600;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new CopyImageOperation(
            context,
            new CopyImageRequest(nodes)
            {
                Images = Image,
                Path = Path.Length > 0 ? FullPath(Path) : null,
                From = From,
                Targets = NameFilters.From(To),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
