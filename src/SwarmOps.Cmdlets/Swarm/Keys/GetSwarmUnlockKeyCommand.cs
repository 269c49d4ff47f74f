using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Keys;

/// <summary>Gets the unlock key of a swarm with autolock, as a SecureString, to keep it in a vault.</summary>
[Cmdlet(VerbsCommon.Get, "SwarmUnlockKey")]
[OutputType(typeof(SwarmUnlockKey))]
public sealed class GetSwarmUnlockKeyCommand : NodeSetCmdlet
{
    /// <summary>How long to wait for a leader election, in seconds; 0 does not wait.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new UnlockKeyOperation(
            context,
            new UnlockKeyRequest(nodes) { Timeout = TimeSpan.FromSeconds(TimeoutSeconds), ThrottleLimit = ThrottleLimit }
        ).RunAsync();
}
