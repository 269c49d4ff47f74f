using SwarmOps.Nodes.Preflight;
using SwarmOps.Pipeline;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>What is to be done on which nodes.</summary>
/// <param name="Nodes">The nodes of the swarm, those that are left alone included.</param>
/// <param name="Action">What is done on each node.</param>
internal sealed record InvokeMaintenanceRequest(IReadOnlyList<SwarmNode> Nodes, SwarmMaintenanceAction Action) : ThrottledRequest
{
    /// <summary>Names of the nodes; none takes all.</summary>
    public IReadOnlyList<NameFilter> Names { get; init; } = [];

    /// <summary>The script of the action Script, or of the action Engine where packages do not install the engine.</summary>
    public string? Script { get; init; }

    /// <summary>The release of the action Engine; null chooses one.</summary>
    public EngineRelease? EngineVersion { get; init; }

    /// <summary>Whether one worker of each region is maintained at the same time.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Whether hosts are not rebooted, whatever they ask for.</summary>
    public bool SkipsReboot { get; init; }

    /// <summary>When no further node is begun; null for never.</summary>
    public DateTime? Until { get; init; }

    /// <summary>Whether a journal that is not complete is replaced by a new one.</summary>
    public bool BeginsAnew { get; init; }

    /// <summary>Whether outages of services are accepted.</summary>
    public bool IsForced { get; init; }

    /// <summary>Whether tasks are moved back to each node.</summary>
    public bool Rebalances { get; init; }

    /// <summary>Time limit of each step of suspending and resuming, and of a reboot.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Time limit of the action on one host.</summary>
    public TimeSpan ActionTimeout { get; init; } = TimeSpan.FromSeconds(3600);
}
