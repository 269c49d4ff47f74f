namespace SwarmOps.Swarm.Managers;

/// <summary>A promotion that did not come to an end.</summary>
/// <param name="Back">The node as the worker that it is again; null when that could not be verified.</param>
internal sealed record PromotionFailure(SetMember? Back);
