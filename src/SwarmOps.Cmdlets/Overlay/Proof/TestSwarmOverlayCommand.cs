using System.Management.Automation;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;

namespace SwarmOps.Overlay.Proof;

/// <summary>Tests an overlay network with packets between every pair of nodes: an encrypted network that loses all packets shows no error anywhere else.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SwarmOverlay", DefaultParameterSetName = ByName)]
[OutputType(typeof(SwarmOverlayPath), typeof(SwarmOverlayMatrix), typeof(bool))]
public sealed class TestSwarmOverlayCommand : OverlayTargetCmdlet
{
    private readonly List<SwarmOverlayPath> paths = [];

    /// <summary>An image with perl for the probes; by default they use the hosts' perl and need no registry.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    public string? ProbeImage { get; set; }

    /// <summary>Returns only whether all paths work.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Returns one matrix per network, with a row per sender and a column per receiver, instead of one object per path.</summary>
    [Parameter]
    public SwitchParameter Matrix { get; set; }

    /// <inheritdoc/>
    private protected override Task BeginAsync(IOperationContext context) =>
        Quiet && Matrix ? throw OverlayErrors.QuietMatrix() : base.BeginAsync(context);

    /// <inheritdoc/>
    private protected override async Task EndAsync(IOperationContext context)
    {
        await base.EndAsync(context).ConfigureAwait(false);
        if (Quiet)
            context.WriteObject(OverlayVerdict.IsSound(paths));
    }

    /// <inheritdoc/>
    private protected override async Task ProcessTargetsAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> members,
        IReadOnlyList<OverlayTarget> targets
    )
    {
        foreach (var target in targets)
        {
            var found = await new TestOverlayOperation(
                context,
                new TestOverlayRequest(members, target.Name) { Image = ProbeImage, ThrottleLimit = ThrottleLimit }
            )
                .RunAsync()
                .ConfigureAwait(false);
            paths.AddRange(found);
            if (Quiet)
                continue;
            if (Matrix)
                context.WriteObject(new SwarmOverlayMatrix(found));
            else
                Write(context, found);
            foreach (var sentence in OverlayVerdict.Warnings(found))
                context.WriteWarning(sentence);
        }
    }

    private static void Write(IOperationContext context, IReadOnlyList<SwarmOverlayPath> found)
    {
        foreach (var path in found)
            context.WriteObject(path);
    }
}
