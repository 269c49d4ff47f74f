using System.Management.Automation;
using SwarmOps.Nodes;
using SwarmOps.Overlay;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Registry;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Folders.Formation;

/// <summary>Keeps a folder alike on all nodes: creates it, or adds nodes to it, and verifies it with a test file of each node on every other.</summary>
[Cmdlet(VerbsCommon.New, "SwarmSharedFolder", SupportsShouldProcess = true, DefaultParameterSetName = ByOverlay)]
[OutputType(typeof(SwarmSharedFolder))]
public sealed class NewSwarmSharedFolderCommand : SwarmChangeCmdlet
{
    private const string ByOverlay = "ByOverlay";
    private const string ByNode = "ByNode";

    // Not a NodeSetCmdlet, for the same reason as New-GaleraService: the overlay brings its nodes, and position 0 is -Name.
    private readonly List<SwarmNode> nodes = [];
    private string overlay = "";

    /// <summary>The overlay network, from <c>New-EncryptedOverlay</c> or <c>Get-SwarmOverlay</c>; its nodes get the copies.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByOverlay)]
    [ValidateNotNull]
    public SwarmOverlay InputObject { get; set; } = new();

    /// <summary>The nodes that get a copy.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByNode)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>Name of the overlay network.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByNode)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    public string Overlay { get; set; } = "";

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

    /// <summary>User name and password for the image's registry; the swarm sends them to the nodes with the tasks.</summary>
    [Parameter]
    [Credential]
    public PSCredential? RegistryCredential { get; set; }

    /// <summary>A Docker config file with the credential for the image's registry, or with the name of the credential helper that has it, such as <c>~/.docker/config.json</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DockerConfigPath { get; set; }

    /// <summary>Does not look up the image's digest in the registry.</summary>
    [Parameter]
    public SwitchParameter NoResolveImage { get; set; }

    /// <summary>How long the copy may make no progress, in seconds; a copy that makes progress may take any time.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <inheritdoc/>
    private protected override Task ProcessAsync(IOperationContext context)
    {
        nodes.AddRange(ParameterSetName == ByOverlay ? InputObject.Nodes : Node);
        var named = ParameterSetName == ByOverlay ? InputObject.Name : Overlay;
        if (overlay.Length > 0 && overlay != named)
            throw FolderErrors.FolderOverlaySecond(overlay, named);
        overlay = named;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected override Task EndAsync(IOperationContext context)
    {
        if (nodes.Count == 0)
            return Task.CompletedTask;
        NodeSet.Check(nodes);
        var folder = new FolderRequest
        {
            Name = Name,
            Overlay = overlay,
            Path = Path,
            Image = Image,
            Owner = Owner is { } owner ? FolderOwner.Parse(owner) ?? throw FolderErrors.FolderOwnerInvalid(owner) : null,
            From = From,
        };
        var options = new ServiceOptions
        {
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
            SkipImage = NoResolveImage,
            Registry = RegistryLogin.From(RegistryCredential, DockerConfigPath is { } path ? FullPath(path) : null),
            ThrottleLimit = ThrottleLimit,
        };
        return ChangeAsync(
            context,
            scope => new FormFolderOperation(scope, new FormFolderRequest(nodes, folder) { Options = options }).RunAsync()
        );
    }
}
