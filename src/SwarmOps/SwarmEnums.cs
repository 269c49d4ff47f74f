namespace SwarmOps;

/// <summary>Role of a node in its swarm (Docker's <c>Spec.Role</c>).</summary>
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

    /// <summary>No new tasks; running tasks continue.</summary>
    Pause,

    /// <summary>No new tasks; running tasks are moved to other nodes.</summary>
    Drain,
}

/// <summary>State of a node according to the swarm's dispatcher (Docker's <c>Status.State</c>).</summary>
public enum SwarmNodeState
{
    /// <summary>The node has sent no heartbeat yet.</summary>
    Unknown,

    /// <summary>The node's heartbeats have stopped.</summary>
    Down,

    /// <summary>The node's heartbeats arrive.</summary>
    Ready,

    /// <summary>The node has left or was removed.</summary>
    Disconnected,
}

/// <summary>Reachability of a manager according to the leader (Docker's <c>ManagerStatus.Reachability</c>).</summary>
public enum SwarmManagerReachability
{
    /// <summary>Not determined yet.</summary>
    Unknown,

    /// <summary>The leader has no raft connection to it.</summary>
    Unreachable,

    /// <summary>The leader has a raft connection to it.</summary>
    Reachable,
}

/// <summary>What to do with an unknown SSH host key (OpenSSH's <c>StrictHostKeyChecking</c>). A key that differs from the known one is always rejected.</summary>
public enum HostKeyPolicy
{
    /// <summary>Reject it.</summary>
    Strict,

    /// <summary>Record it in the known_hosts file and continue.</summary>
    AcceptNew,
}
