namespace SwarmOps.Swarm.Access;

/// <summary>Where a task runs.</summary>
/// <param name="Name">Name of the node.</param>
/// <param name="Region">Its label <c>region</c>; null when it has none.</param>
internal sealed record SwarmPlace(string Name, string? Region)
{
    /// <summary>The name, and the region where it says more.</summary>
    public override string ToString() => Region is null || Name.Contains(Region, StringComparison.Ordinal) ? Name : $"{Name} ({Region})";
}
