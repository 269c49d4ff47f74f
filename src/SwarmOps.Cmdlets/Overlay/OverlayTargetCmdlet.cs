using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Overlay;

/// <summary>Base of the cmdlets that work on overlay networks, by name and nodes, or by objects with their node sets.</summary>
public abstract class OverlayTargetCmdlet : ThrottledCmdlet
{
    private protected const string ByName = "ByName";
    private protected const string ByOverlay = "ByOverlay";

    private readonly TargetInput<SwarmOverlay> input = new(
        overlay => overlay.SwarmId,
        overlay => overlay.Nodes,
        overlay => OverlayErrors.NoNodeGiven(overlay.Name)
    );

    /// <summary>The nodes of the swarm; the default for overlay networks from the pipeline is their node set.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ByName)]
    [Parameter(ParameterSetName = ByOverlay)]
    [ValidateNotNullOrEmpty]
    public SwarmNode[] Node { get; set; } = [];

    /// <summary>Names of the networks.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(OverlayNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>The networks, from <c>New-EncryptedOverlay</c> or <c>Get-SwarmOverlay</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByOverlay)]
    [ValidateNotNullOrEmpty]
    public SwarmOverlay[] Overlay { get; set; } = [];

    /// <summary>Processes networks of one swarm.</summary>
    private protected abstract Task ProcessTargetsAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> members,
        IReadOnlyList<OverlayTarget> targets
    );

    /// <inheritdoc/>
    private protected sealed override Task ProcessAsync(IOperationContext context)
    {
        if (ParameterSetName == ByOverlay)
            input.Add(Overlay);
        else
            input.Add(Node);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    private protected override async Task EndAsync(IOperationContext context)
    {
        if (ParameterSetName == ByName)
        {
            if (input.Nodes() is { Count: > 0 } nodes)
                await ProcessTargetsAsync(context, nodes, [.. Name.Select(name => new OverlayTarget(name, null))]).ConfigureAwait(false);
            return;
        }

        foreach (var (nodes, overlays) in input.BySwarm(Node))
            await ProcessTargetsAsync(context, nodes, [.. overlays.Select(overlay => new OverlayTarget(overlay.Name, overlay.Id))])
                .ConfigureAwait(false);
    }
}
