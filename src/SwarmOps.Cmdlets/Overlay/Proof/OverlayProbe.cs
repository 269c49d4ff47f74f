namespace SwarmOps.Overlay.Proof;

/// <summary>A running probe.</summary>
/// <param name="Node">The node that it runs on.</param>
/// <param name="ContainerId">Its container.</param>
/// <param name="Name">Its name on the network.</param>
/// <param name="Address">Its address on the network.</param>
internal sealed record OverlayProbe(SwarmNode Node, string ContainerId, string Name, string Address);
