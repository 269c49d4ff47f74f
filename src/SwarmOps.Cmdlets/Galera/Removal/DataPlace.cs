namespace SwarmOps.Galera.Removal;

/// <summary>A data directory that is to go.</summary>
/// <param name="Node">Name of its host.</param>
/// <param name="Path">The directory there.</param>
internal sealed record DataPlace(string Node, string Path);
