namespace SwarmOps;

/// <summary>What a node does in its swarm (Docker's <c>Spec.Role</c>).</summary>
public enum SwarmNodeRole
{
    /// <summary>Runs tasks.</summary>
    Worker,

    /// <summary>Runs tasks and takes part in the raft consensus.</summary>
    Manager,
}

/// <summary>Whether the scheduler may give a node tasks (Docker's <c>Spec.Availability</c>).</summary>
public enum SwarmNodeAvailability
{
    /// <summary>New tasks may be placed on the node.</summary>
    Active,

    /// <summary>No new tasks; those that run go on.</summary>
    Pause,

    /// <summary>No new tasks, and those that run are moved away.</summary>
    Drain,
}

/// <summary>How the swarm's dispatcher sees a node (Docker's <c>Status.State</c>).</summary>
public enum SwarmNodeState
{
    /// <summary>Nothing has been heard of the node yet.</summary>
    Unknown,

    /// <summary>The node's heartbeats have stopped.</summary>
    Down,

    /// <summary>The node's heartbeats arrive.</summary>
    Ready,

    /// <summary>The node has left or was removed.</summary>
    Disconnected,
}

/// <summary>How the leader sees another manager (Docker's <c>ManagerStatus.Reachability</c>).</summary>
public enum SwarmManagerReachability
{
    /// <summary>The leader has not judged yet.</summary>
    Unknown,

    /// <summary>The leader cannot talk raft with it.</summary>
    Unreachable,

    /// <summary>The leader talks raft with it.</summary>
    Reachable,
}

/// <summary>What to do with an SSH host key that is not known (OpenSSH's <c>StrictHostKeyChecking</c>). A key that differs from a known one is always refused.</summary>
public enum HostKeyPolicy
{
    /// <summary>Refuse it.</summary>
    Strict,

    /// <summary>Record it in the known_hosts file and go on.</summary>
    AcceptNew,
}
