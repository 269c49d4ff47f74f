namespace SwarmOps.Swarm.Managers;

/// <summary>The location of a manager or candidate.</summary>
/// <param name="NodeId">The member.</param>
/// <param name="Region">Its region; nodes without one count as one region of their own.</param>
/// <param name="Zone">Its failure domain within the region.</param>
internal sealed record ManagerPlace(string NodeId, string? Region, string? Zone);
