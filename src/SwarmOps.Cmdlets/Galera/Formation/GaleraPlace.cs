namespace SwarmOps.Galera.Formation;

/// <summary>Where one node of a cluster is to run.</summary>
/// <param name="Node">The host.</param>
/// <param name="Region">Its region; null where it has none.</param>
/// <param name="Segment">The segment of the region.</param>
/// <param name="Service">The service that runs it.</param>
/// <param name="IsArbitrator">Whether it votes and holds no data.</param>
internal sealed record GaleraPlace(SwarmNode Node, string? Region, int Segment, string Service, bool IsArbitrator = false);
