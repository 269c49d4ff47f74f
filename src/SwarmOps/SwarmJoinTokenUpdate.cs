namespace SwarmOps;

/// <summary>A join token that was replaced. The token itself is not in it: the cmdlets read it from a manager when they need it.</summary>
/// <param name="SwarmId">The swarm's id.</param>
/// <param name="Role">The role that the token admits to.</param>
/// <param name="UpdatedAt">When the new token was read back, UTC.</param>
public sealed record SwarmJoinTokenUpdate(string SwarmId, SwarmNodeRole Role, DateTime UpdatedAt);
