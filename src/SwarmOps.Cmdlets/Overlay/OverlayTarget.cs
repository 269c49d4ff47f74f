namespace SwarmOps.Overlay;

/// <summary>A network that is meant.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id when it is known: then a newer network of the same name is left alone.</param>
internal sealed record OverlayTarget(string Name, string? Id);
