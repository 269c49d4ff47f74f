namespace SwarmOps.Swarm.Access;

/// <summary>The node that a task runs on.</summary>
/// <param name="Name">Name of the node.</param>
/// <param name="Region">Its label <c>region</c>; null if it has none.</param>
internal sealed record SwarmPlace(string Name, string? Region)
{
    /// <summary>The name, and the region unless the name contains it.</summary>
    public override string ToString() => Region is null || Name.Contains(Region, StringComparison.Ordinal) ? Name : $"{Name} ({Region})";
}
