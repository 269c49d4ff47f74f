using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Overlay;

/// <summary>Removes overlay networks that nobody uses; the last encrypted one takes the NAT rule with it.</summary>
[Cmdlet(VerbsCommon.Remove, "SwarmOverlay", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ByName)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmOverlayCommand : SwarmCmdlet
{
    private const string ByName = "ByName";
    private const string ByOverlay = "ByOverlay";

    private readonly List<SwarmNode> nodes = [];
    private readonly List<SwarmOverlay> overlays = [];

    /// <summary>The nodes of the swarm; with overlays from the pipeline, those that came with them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByOverlay)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>Names of the networks.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>The networks, as <c>New-EncryptedOverlay</c> or <c>Get-SwarmOverlay</c> gave them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByOverlay)]
    [ValidateNotNullOrEmpty]
    public SwarmOverlay[] Overlay { get; set; } = [];

    /// <summary>Leaves the NAT rule on the nodes.</summary>
    [Parameter]
    public SwitchParameter SkipNatRepair { get; set; }

    /// <summary>How long each wait may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

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
        var operation = new RemoveOverlayOperation(context, SkipNatRepair, TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit);
        if (ParameterSetName == ByName)
        {
            NodeSet.Check(nodes);
            if (nodes.Count > 0)
                await operation.RunAsync(nodes, [.. Name.Select(name => new OverlayTarget(name, null))]).ConfigureAwait(false);
            return;
        }

        foreach (var swarm in overlays.GroupBy(overlay => overlay.SwarmId))
        {
            IReadOnlyList<SwarmNode> members = Node.Length > 0 ? Node : [.. swarm.SelectMany(overlay => overlay.Node).DistinctBy(node => node.Name)];
            if (members.Count == 0)
                throw OverlayErrors.NoNodeGiven(swarm.First().Name);
            NodeSet.Check(members);
            await operation.RunAsync(members, [.. swarm.Select(overlay => new OverlayTarget(overlay.Name, overlay.Id))]).ConfigureAwait(false);
        }
    }
}
