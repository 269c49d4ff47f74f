namespace SwarmOps.Pipeline;

/// <summary>A name to look for.</summary>
/// <param name="Text">The name as it was given.</param>
/// <param name="IsPattern">Whether it holds wildcards, so that no match is no error.</param>
/// <param name="Matches">Whether a name is meant.</param>
internal sealed record NameFilter(string Text, bool IsPattern, Func<string, bool> Matches);
