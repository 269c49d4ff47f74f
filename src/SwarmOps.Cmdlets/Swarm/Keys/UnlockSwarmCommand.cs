using System.Management.Automation;
using System.Security;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Keys;

/// <summary>Unlocks managers that were restarted in a swarm with autolock, and waits until they take part in it again.</summary>
[Cmdlet(VerbsCommon.Unlock, "Swarm", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SwarmNode))]
public sealed class UnlockSwarmCommand : NodeSetCmdlet
{
    /// <summary>The swarm's unlock key, such as from <c>Get-SwarmUnlockKey</c> or a vault.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNull]
    public SecureString UnlockKey { get; set; } = new();

    /// <summary>How long to wait until the unlocked managers are active, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new UnlockOperation(
            context,
            new UnlockRequest(nodes, UnlockKeyText.Of(UnlockKey))
            {
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
