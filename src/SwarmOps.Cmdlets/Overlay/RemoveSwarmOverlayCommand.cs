using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Overlay;

/// <summary>Removes overlay networks that nobody uses; the last encrypted one takes the NAT rule with it.</summary>
[Cmdlet(VerbsCommon.Remove, "SwarmOverlay", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ByName)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmOverlayCommand : OverlayTargetCmdlet
{
    /// <summary>Leaves the NAT rule on the nodes.</summary>
    [Parameter]
    public SwitchParameter SkipNatRepair { get; set; }

    /// <summary>How long each wait may take, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>How long to wait for someone else who is changing the swarm, in seconds; 0 does not wait for one that is seen to live.</summary>
    [Parameter]
    [ValidateRange(0, LockSettings.LongestWaitSeconds)]
    public int WaitForLock { get; set; } = LockSettings.DefaultWaitSeconds;

    /// <inheritdoc/>
    private protected override Task ProcessTargetsAsync(IOperationContext context, IReadOnlyList<SwarmNode> members, IReadOnlyList<OverlayTarget> targets) => ChangeScope.RunAsync(
        context,
        LockSettings.Of(this, WaitForLock),
        scope => new RemoveOverlayOperation(scope, SkipNatRepair, TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit).RunAsync(members, targets));
}
