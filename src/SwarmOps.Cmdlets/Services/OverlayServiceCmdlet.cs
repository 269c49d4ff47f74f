using System.Management.Automation;
using SwarmOps.Overlay;
using SwarmOps.Pipeline;
using SwarmOps.Services.Registry;

namespace SwarmOps.Services;

/// <summary>
/// The base of the cmdlets that form a cluster of services on one overlay network. Its nodes come with the network, and position 0 is the cluster's name: therefore
/// not a <see cref="NodeSetCmdlet"/>.
/// </summary>
public abstract class OverlayServiceCmdlet : SwarmChangeCmdlet
{
    private protected const string ByOverlay = "ByOverlay";
    private protected const string ByNode = "ByNode";

    private readonly List<SwarmNode> nodes = [];
    private string overlay = "";

    /// <summary>The overlay network, from <c>New-EncryptedOverlay</c> or <c>Get-SwarmOverlay</c>; its nodes are the node set.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByOverlay)]
    [ValidateNotNull]
    public SwarmOverlay InputObject { get; set; } = new();

    /// <summary>The nodes of the swarm.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByNode)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>Name of the overlay network.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByNode)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    public string Overlay { get; set; } = "";

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

    /// <summary>How long each service may take, in seconds.</summary>
    private protected abstract int Timeout { get; }

    /// <summary>The error for a second overlay network.</summary>
    private protected abstract SwarmOpsException SecondOverlay(string first, string second);

    /// <summary>Forms the cluster, while the swarm's lock is held.</summary>
    /// <exception cref="SwarmOpsException">A parameter is not valid; nothing has been asked or changed.</exception>
    private protected abstract Func<IOperationContext, Task> Form(IReadOnlyList<SwarmNode> nodes, string overlay, ServiceOptions options);

    /// <inheritdoc/>
    private protected sealed override Task ProcessAsync(IOperationContext context)
    {
        nodes.AddRange(ParameterSetName == ByOverlay ? InputObject.Nodes : Node);
        var named = ParameterSetName == ByOverlay ? InputObject.Name : Overlay;
        if (overlay.Length > 0 && overlay != named)
            throw SecondOverlay(overlay, named);
        overlay = named;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected sealed override Task EndAsync(IOperationContext context)
    {
        if (nodes.Count == 0)
            return Task.CompletedTask;
        NodeSet.Check(nodes);
        var options = new ServiceOptions
        {
            Timeout = TimeSpan.FromSeconds(Timeout),
            SkipImage = NoResolveImage,
            Registry = RegistryLogin.From(RegistryCredential, DockerConfigPath is { } path ? FullPath(path) : null),
            ThrottleLimit = ThrottleLimit,
        };
        return ChangeAsync(context, Form(nodes, overlay, options));
    }
}
