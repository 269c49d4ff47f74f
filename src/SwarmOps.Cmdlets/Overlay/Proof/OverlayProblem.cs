namespace SwarmOps.Overlay.Proof;

/// <summary>What is wrong on some paths of a network, for one cause.</summary>
/// <param name="Paths">The paths, at least one.</param>
/// <param name="Message">The cause, where, and what was observed.</param>
internal sealed record OverlayProblem(IReadOnlyList<SwarmOverlayPath> Paths, string Message);
