namespace SwarmOps.Swarm;

/// <summary>What came of trying a node's 2377/tcp.</summary>
/// <param name="HostAnswers">Whether the host answered, be it with a refusal: on a worker nothing listens yet.</param>
/// <param name="Detail">What was seen, in words.</param>
internal sealed record ControlPortResult(bool HostAnswers, string Detail);
