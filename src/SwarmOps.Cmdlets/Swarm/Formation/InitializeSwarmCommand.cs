using System.Management.Automation;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Swarm.Formation;

/// <summary>
/// Makes a swarm on the first node of a set, at an address that every other node was seen to reach, and passes the whole set on.
/// Where the set already has a swarm, that one is taken.
/// </summary>
[Cmdlet(VerbsData.Initialize, "Swarm", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SwarmNode))]
public sealed class InitializeSwarmCommand : NodeSetChangeCmdlet
{
    /// <summary>Name of the node on which the swarm starts; the first of the set if not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NodeNameCompleter))]
    public string? On { get; set; }

    /// <summary>Address and port on which the engine listens for the swarm, such as <c>10.0.0.5:2377</c>; chosen by the node's addresses if not given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ListenAddress { get; set; }

    /// <summary>Address or interface for the overlay networks' packets, if it is not the advertised one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DataPathAddress { get; set; }

    /// <summary>UDP port of the overlay networks' packets (the engine's default is 4789). Cannot be changed later.</summary>
    [Parameter]
    [ValidateRange(1024, 49151)]
    public int? DataPathPort { get; set; }

    /// <summary>Subnets in CIDR form from which overlay networks are given theirs (the engine's default is 10.0.0.0/8). Cannot be changed later.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AddressPool { get; set; }

    /// <summary>Length of the subnets that are cut from the pool, in bits (the engine's default is 24). Cannot be changed later.</summary>
    [Parameter]
    [ValidateRange(1, 30)]
    public int? SubnetSize { get; set; }

    /// <summary>Managers ask for a key after a restart. Read it afterwards with <c>docker swarm unlock-key</c> on a manager, and keep it safe.</summary>
    [Parameter]
    public SwitchParameter AutoLock { get; set; }

    /// <summary>How long a node's certificate is valid; at least one hour (the engine's default is 90 days).</summary>
    [Parameter]
    public TimeSpan? CertificateValidity { get; set; }

    /// <summary>How often nodes report to the managers; a node counts as down after three that are missed (the engine's default is 5 s; 15 to 30 s suit a WAN).</summary>
    [Parameter]
    public TimeSpan? DispatcherHeartbeat { get; set; }

    /// <summary>How many old tasks are kept for each slot (the engine's default is 5).</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int? TaskHistoryLimit { get; set; }

    /// <summary>Does not test beforehand that the other nodes reach the address. The swarm may then be one that nobody can join.</summary>
    [Parameter]
    public SwitchParameter SkipReachabilityTest { get; set; }

    /// <summary>
    /// Lets the first node (or the one of <c>-On</c>) give up the state of a swarm that has no quorum, and starts anew there. Asks before, and says what is lost;
    /// a copy of the state is kept on the node where a command can be run there. Nothing is given up where the swarm can be asked.
    /// </summary>
    [Parameter]
    public SwitchParameter Rejoin { get; set; }

    /// <summary>Answers the question of <c>-Rejoin</c> beforehand.</summary>
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
            AutoLock = MyInvocation.BoundParameters.ContainsKey(nameof(AutoLock)) ? AutoLock.IsPresent : null,
            CertificateValidity = CertificateValidity,
            DispatcherHeartbeat = DispatcherHeartbeat,
            TaskHistoryLimit = TaskHistoryLimit,
        };
        options.Check();
        return new InitializeOperation(context, new InitializeRequest(nodes, options)
        {
            On = On,
            TestReachability = !SkipReachabilityTest,
            Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
            ThrottleLimit = ThrottleLimit,
            Rejoin = Rejoin,
            Force = Force || IsConfirmedBeforehand,
        }).RunAsync();
    }
}
