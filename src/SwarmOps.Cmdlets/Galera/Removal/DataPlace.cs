namespace SwarmOps.Galera.Removal;

/// <summary>A data directory to delete.</summary>
/// <param name="Node">Name of its host.</param>
/// <param name="Path">The directory there.</param>
internal sealed record DataPlace(string Node, string Path);
