using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Overlay;

/// <summary>Removes unused overlay networks, and with the last encrypted one the NAT rule.</summary>
[Cmdlet(
    VerbsCommon.Remove,
    "SwarmOverlay",
    SupportsShouldProcess = true,
    ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ByName
)]
[OutputType(typeof(void))]
public sealed class RemoveSwarmOverlayCommand : OverlayTargetCmdlet
{
    /// <summary>Keeps the NAT rule on the nodes.</summary>
    [Parameter]
    public SwitchParameter SkipNatRepair { get; set; }

    /// <summary>Time limit of each wait, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>How long to wait, in seconds, while someone else holds the swarm's lock; 0 does not wait for a holder that is known to be active.</summary>
    [Parameter]
    [ValidateRange(0, LockSettings.LongestWaitSeconds)]
    public int WaitForLock { get; set; } = LockSettings.DefaultWaitSeconds;

    /// <inheritdoc/>
    private protected override Task ProcessTargetsAsync(
        IOperationContext context,
        IReadOnlyList<SwarmNode> members,
        IReadOnlyList<OverlayTarget> targets
    ) =>
        ChangeScope.RunAsync(
            context,
            LockSettings.Of(this, WaitForLock),
            scope =>
                new RemoveOverlayOperation(
                    scope,
                    new RemoveOverlayRequest(members, targets)
                    {
                        SkipNatRepair = SkipNatRepair,
                        Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                        ThrottleLimit = ThrottleLimit,
                    }
                ).RunAsync()
        );
}
