namespace SwarmOps.Galera.Formation;

/// <summary>Placement of one Galera node.</summary>
/// <param name="Node">The host.</param>
/// <param name="Region">Its region; null if it has none.</param>
/// <param name="Segment">The Galera segment of the region.</param>
/// <param name="Service">The service that runs it.</param>
/// <param name="IsArbitrator">Whether it is an arbitrator, which votes and holds no data.</param>
internal sealed record GaleraPlace(SwarmNode Node, string? Region, int Segment, string Service, bool IsArbitrator = false);
