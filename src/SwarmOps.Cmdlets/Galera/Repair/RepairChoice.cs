namespace SwarmOps.Galera.Repair;

/// <summary>What the user chose for a repair.</summary>
/// <param name="Uuid">The history to keep; null leaves it to the data, which decides where there is only one.</param>
/// <param name="From">The node to begin from; null takes the furthest.</param>
/// <param name="Force">Whether to go on where data may be lost.</param>
internal sealed record RepairChoice(string? Uuid, string? From, bool Force);
