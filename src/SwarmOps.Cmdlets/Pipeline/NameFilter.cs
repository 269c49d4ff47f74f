namespace SwarmOps.Pipeline;

/// <summary>A name to look for.</summary>
/// <param name="Text">The name as specified.</param>
/// <param name="IsPattern">Whether it contains wildcards, so that no match is not an error.</param>
/// <param name="Matches">Whether a name matches.</param>
internal sealed record NameFilter(string Text, bool IsPattern, Func<string, bool> Matches);
