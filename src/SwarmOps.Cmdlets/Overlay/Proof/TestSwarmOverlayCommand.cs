using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Overlay.Proof;

/// <summary>Proves an overlay network by packets between every pair of nodes: an encrypted one whose packets are all lost looks healthy everywhere else.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SwarmOverlay", DefaultParameterSetName = ByName)]
[OutputType(typeof(SwarmOverlayPath), typeof(bool))]
public sealed class TestSwarmOverlayCommand : SwarmCmdlet
{
    private const string ByName = "ByName";
    private const string ByOverlay = "ByOverlay";

    private readonly List<SwarmNode> nodes = [];
    private readonly List<SwarmOverlay> overlays = [];

    /// <summary>The nodes to test between; with overlays from the pipeline, those that came with them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByOverlay)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>Names of the networks.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The networks, as <c>New-EncryptedOverlay</c> or <c>Get-SwarmOverlay</c> gave them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByOverlay)]
    [ValidateNotNullOrEmpty]
    public SwarmOverlay[] Overlay { get; set; } = [];

    /// <summary>An image with perl for the probes; without it they use the hosts' own perl, and no registry is asked.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProbeImage { get; set; }

    /// <summary>Gives only whether all is sound.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>How many nodes are worked on at the same time.</summary>
    [Parameter]
    [ValidateRange(1, 256)]
    public int ThrottleLimit { get; set; } = 32;

    /// <inheritdoc/>
    private protected override Task ProcessAsync(IOperationContext context)
    {
        if (ParameterSetName == ByOverlay)
            overlays.AddRange(Overlay);
        else
            nodes.AddRange(Node);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected override async Task EndAsync(IOperationContext context)
    {
        var paths = new List<SwarmOverlayPath>();
        if (ParameterSetName == ByName)
        {
            if (nodes.Count == 0)
                return;
            foreach (var name in Name)
                paths.AddRange(await TestAsync(context, nodes, name).ConfigureAwait(false));
        }

        foreach (var overlay in overlays)
            paths.AddRange(await TestAsync(context, Node.Length > 0 ? Node : overlay.Node, overlay.Name).ConfigureAwait(false));
        if (Quiet)
            context.WriteObject(OverlayVerdict.IsSound(paths));
    }

    private async Task<IReadOnlyList<SwarmOverlayPath>> TestAsync(IOperationContext context, IReadOnlyList<SwarmNode> set, string name)
    {
        NodeSet.Check(set);
        var paths = await new TestOverlayOperation(context, ThrottleLimit) { Image = ProbeImage }.RunAsync(set, name).ConfigureAwait(false);
        if (Quiet)
            return paths;
        foreach (var path in paths)
            context.WriteObject(path);
        foreach (var sentence in OverlayVerdict.Sentences(paths))
            context.WriteWarning(sentence);
        return paths;
    }
}
