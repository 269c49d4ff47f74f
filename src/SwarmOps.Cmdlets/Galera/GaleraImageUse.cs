namespace SwarmOps.Galera;

/// <summary>An image, and the node that is to run it.</summary>
/// <param name="Node">The node.</param>
/// <param name="Image">The image.</param>
/// <param name="IsArbitrator">Whether it is to run garbd.</param>
internal sealed record GaleraImageUse(SwarmNode Node, string Image, bool IsArbitrator);
