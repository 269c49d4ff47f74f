namespace SwarmOps.Galera;

/// <summary>An image, and the node that will run it.</summary>
/// <param name="Node">The node.</param>
/// <param name="Image">The image.</param>
/// <param name="IsArbitrator">Whether the node is an arbitrator, which runs garbd.</param>
internal sealed record GaleraImageUse(SwarmNode Node, string Image, bool IsArbitrator);
