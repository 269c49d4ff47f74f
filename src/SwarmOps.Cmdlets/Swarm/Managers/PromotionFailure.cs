namespace SwarmOps.Swarm.Managers;

/// <summary>A promotion that failed.</summary>
/// <param name="Back">The node, as a worker again; null when that could not be verified.</param>
internal sealed record PromotionFailure(SetMember? Back);
