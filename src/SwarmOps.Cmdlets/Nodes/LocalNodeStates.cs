namespace SwarmOps.Nodes;

/// <summary>The values of <c>/info</c> <c>Swarm.LocalNodeState</c> (Engine API).</summary>
internal static class LocalNodeStates
{
    public const string Inactive = "inactive";
    public const string Pending = "pending";
    public const string Active = "active";
    public const string Error = "error";
    public const string Locked = "locked";
}
