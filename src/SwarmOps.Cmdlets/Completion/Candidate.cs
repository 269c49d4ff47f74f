namespace SwarmOps.Completion;

/// <summary>A name that Tab can offer.</summary>
/// <param name="Name">The name.</param>
/// <param name="ToolTip">What is known of the object that has it, in a few words; null shows the name.</param>
internal sealed record Candidate(string Name, string? ToolTip = null);
