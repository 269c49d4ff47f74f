using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm.Keys;

/// <summary>Replaces the join tokens of a swarm, so that a token that leaked admits no more nodes. Nodes that have joined are not affected.</summary>
[Cmdlet(VerbsData.Update, "SwarmJoinToken", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SwarmJoinTokenUpdate))]
public sealed class UpdateSwarmJoinTokenCommand : NodeSetChangeCmdlet
{
    /// <summary>The role whose token is replaced: Worker, Manager, or both.</summary>
    [Parameter]
    public SwarmNodeRole[] Role { get; set; } = [SwarmNodeRole.Worker, SwarmNodeRole.Manager];

    /// <summary>How long to wait for a leader election, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new UpdateJoinTokenOperation(
            context,
            new UpdateJoinTokenRequest(nodes)
            {
                Roles = [.. Role.Distinct()],
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
            }
        ).RunAsync();
}
