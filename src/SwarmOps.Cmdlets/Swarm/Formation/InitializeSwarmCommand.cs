using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Swarm.Formation;

/// <summary>
/// Initializes a swarm on the first node of a node set, at an address that every other node can reach, and writes the whole set.
/// A swarm that the set already has is used.
/// </summary>
[Cmdlet(VerbsData.Initialize, "Swarm", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SwarmNode))]
public sealed class InitializeSwarmCommand : NodeSetChangeCmdlet
{
    /// <summary>Name of the node that initializes the swarm; the default is the first of the node set.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    public string? On { get; set; }

    /// <summary>Address and port on which the engine listens for the swarm, such as <c>10.0.0.5:2377</c>; by default chosen from the node's addresses.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ListenAddress { get; set; }

    /// <summary>Data path address or interface, when it differs from the advertise address.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DataPathAddress { get; set; }

    /// <summary>Data path port, UDP (the engine's default is 4789). Cannot be changed later.</summary>
    [Parameter]
    [ValidateRange(1024, 49151)]
    public int? DataPathPort { get; set; }

    /// <summary>Default address pools of overlay networks, in CIDR form (the engine's default is 10.0.0.0/8). Cannot be changed later.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AddressPool { get; set; }

    /// <summary>Prefix length of the subnets allocated from the pools (the engine's default is 24). Cannot be changed later.</summary>
    [Parameter]
    [ValidateRange(1, 30)]
    public int? SubnetSize { get; set; }

    /// <summary>Enables autolock: managers need an unlock key after a restart. Read the key afterwards with <c>Get-SwarmUnlockKey</c>, and keep it in a vault.</summary>
    [Parameter]
    public SwitchParameter AutoLock { get; set; }

    /// <summary>Validity period of node certificates; at least one hour (the engine's default is 90 days).</summary>
    [Parameter]
    public TimeSpan? CertificateValidity { get; set; }

    /// <summary>Heartbeat period of nodes; a node counts as Down after three missed heartbeats (the engine's default is 5 s; 15 to 30 s suit a WAN).</summary>
    [Parameter]
    public TimeSpan? DispatcherHeartbeat { get; set; }

    /// <summary>Number of old tasks kept per slot (the engine's default is 5).</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int? TaskHistoryLimit { get; set; }

    /// <summary>Skips the test that the other nodes reach the address. Without it, the swarm may turn out to be one that no node can join.</summary>
    [Parameter]
    public SwitchParameter SkipReachabilityTest { get; set; }

    /// <summary>
    /// Lets the first node (or the one of <c>-On</c>) leave a swarm without quorum by force, and initializes a new one there. Asks for confirmation and names what is lost;
    /// a copy of the state is kept on the node when commands can be run there. Has no effect when the swarm has a leader.
    /// </summary>
    [Parameter]
    public SwitchParameter Rejoin { get; set; }

    /// <summary>Suppresses the confirmation of <c>-Rejoin</c>.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>How long the swarm may take to have a leader, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
    {
        var options = new SwarmOptions
        {
            ListenAddress = ListenAddress,
            DataPathAddress = DataPathAddress,
            DataPathPort = DataPathPort,
            AddressPool = AddressPool,
            SubnetSize = SubnetSize,
            AutoLock = Has(nameof(AutoLock)) ? AutoLock.IsPresent : null,
            CertificateValidity = CertificateValidity,
            DispatcherHeartbeat = DispatcherHeartbeat,
            TaskHistoryLimit = TaskHistoryLimit,
        };
        options.Check();
        return new InitializeOperation(
            context,
            new InitializeRequest(nodes, options)
            {
                On = On,
                TestReachability = !SkipReachabilityTest,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
                Rejoin = Rejoin,
                Force = Force || IsConfirmedBeforehand,
            }
        ).RunAsync();
    }
}
