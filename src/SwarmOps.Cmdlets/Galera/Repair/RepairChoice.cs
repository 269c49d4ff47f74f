namespace SwarmOps.Galera.Repair;

/// <summary>What the user chose for a repair.</summary>
/// <param name="Uuid">The state UUID to keep; null if the data has only one.</param>
/// <param name="From">The node to bootstrap from; null for the one with the highest seqno.</param>
/// <param name="Force">Whether to continue even if data may be lost.</param>
internal sealed record RepairChoice(string? Uuid, string? From, bool Force);
