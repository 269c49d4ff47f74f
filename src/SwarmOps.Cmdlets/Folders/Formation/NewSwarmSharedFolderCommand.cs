using System.Management.Automation;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Folders.Formation;

/// <summary>Keeps a folder alike on all nodes: creates it, or adds nodes to it, and verifies it with a test file of each node on every other.</summary>
[Cmdlet(VerbsCommon.New, "SwarmSharedFolder", SupportsShouldProcess = true, DefaultParameterSetName = ByOverlay)]
[OutputType(typeof(SwarmSharedFolder))]
public sealed class NewSwarmSharedFolderCommand : OverlayServiceCmdlet
{
    /// <summary>Name of the folder.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FolderNameCompleter))]
    public string Name { get; set; } = "";

    /// <summary>The directory on each host; created where it does not exist.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>User id and group id that own all files, such as <c>33:33</c>; by default the owner of the existing directory, else <c>1000:1000</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Owner { get; set; }

    /// <summary>Name of the node whose files are kept if several nodes hold different ones; on the others the present files are moved aside.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemberNameCompleter))]
    public string? From { get; set; }

    /// <summary>The image: Syncthing's official one, or another with <c>syncthing</c> and <c>curl</c> or <c>wget</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string Image { get; set; } = "syncthing/syncthing:1.29.5";

    /// <summary>How long the copy may make no progress, in seconds; a copy that makes progress may take any time.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override int Timeout => TimeoutSeconds;

    /// <inheritdoc/>
    private protected override SwarmOpsException SecondOverlay(string first, string second) =>
        FolderErrors.FolderOverlaySecond(first, second);

    /// <inheritdoc/>
    private protected override Func<IOperationContext, Task> Form(IReadOnlyList<SwarmNode> nodes, string overlay, ServiceOptions options)
    {
        var folder = new FolderRequest
        {
            Name = Name,
            Overlay = overlay,
            Path = Path,
            Image = Image,
            Owner = Owner is { } owner ? FolderOwner.Parse(owner) ?? throw FolderErrors.FolderOwnerInvalid(owner) : null,
            From = From,
        };
        return scope => new FormFolderOperation(scope, new FormFolderRequest(nodes, folder) { Options = options }).RunAsync();
    }
}
