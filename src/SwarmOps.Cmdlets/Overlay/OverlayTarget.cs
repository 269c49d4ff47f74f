namespace SwarmOps.Overlay;

/// <summary>A network to work on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id when known, so that a newer network of the same name is not affected.</param>
internal sealed record OverlayTarget(string Name, string? Id);
