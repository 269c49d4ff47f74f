using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Keys;

/// <summary>Replaces the unlock key of a swarm with autolock, and waits until every manager protects its data with the new one.</summary>
[Cmdlet(VerbsData.Update, "SwarmUnlockKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SwarmUnlockKey))]
public sealed class UpdateSwarmUnlockKeyCommand : NodeSetChangeCmdlet
{
    /// <summary>How long to wait for a leader election, and for the managers to take the new key over, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new UnlockKeyOperation(
            context,
            new UnlockKeyRequest(nodes)
            {
                Replace = true,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
