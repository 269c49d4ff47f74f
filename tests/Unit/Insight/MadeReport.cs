using SwarmOps.Insight.Findings;
using SwarmOps.Swarm.Managers;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Tests.Unit.Insight;

/// <summary>Reports of swarms that were never there, through the same judges as real ones.</summary>
internal static class MadeReport
{
    public static readonly DateTime Now = new(2026, 11, 30, 9, 30, 0, DateTimeKind.Utc);

    private static readonly string[] Few = ["eu-central-1", "us-east-1", "us-west-1"];

    private static readonly string[] Many =
    [
        "eu-central-1",
        "us-east-1",
        "us-west-2",
        "ap-northeast-1",
        "sa-east-1",
        "ap-southeast-2",
        "eu-west-1",
        "af-south-1",
        "ap-south-1",
        "ca-central-1",
    ];

    /// <summary>Three nodes in three regions; all is well.</summary>
    public static SwarmReport Healthy() => Make(Few, 3, _ => null);

    /// <summary>Thirty nodes in ten regions, with one of each trouble.</summary>
    public static SwarmReport Troubled(int count = 30) => Make(Many, count, Trouble);

    /// <summary>No quorum: only the hosts tell something.</summary>
    public static SwarmReport Outage()
    {
        var healthy = Healthy();
        var nodes = healthy
            .Nodes.Select(
                (node, index) =>
                    node with
                    {
                        Role = null,
                        State = null,
                        Availability = null,
                        Reachability = null,
                        IsLeader = false,
                        Error = index == 2 ? "'us-west-1' did not answer within 15 s." : null,
                    }
            )
            .ToList();
        return new SwarmReport
        {
            TakenAt = Now,
            Duration = TimeSpan.FromSeconds(41),
            Nodes = nodes,
            Findings =
            [
                ReportJudge.NoSwarm(
                    new SwarmOpsException(
                        "SwarmHasNoQuorum",
                        ErrorKind.InvalidState,
                        "The swarm has no quorum: 1 of 3 managers is up.",
                        "Start the engines of the other managers, then run the same command again."
                    )
                ),
            ],
        };
    }

    private static string? Trouble(int index) =>
        index switch
        {
            4 => "down",
            11 => "disk",
            17 => "silent",
            23 => "clock",
            _ => null,
        };

    private static SwarmReport Make(string[] regions, int count, Func<int, string?> trouble)
    {
        var members = Enumerable.Range(0, count).Select(index => Member(regions, index, count, trouble(index))).ToList();
        var managers = members.Where(member => member.ManagerAddress is not null).ToList();
        var tally = new ManagerTally(managers.Count, managers.Count(member => member.Reachability == SwarmManagerReachability.Reachable));
        var swarm = new SwarmSummary
        {
            Id = "q1w2e3r4t5y6u7i8o9p0asdfg",
            CreatedAt = Now.AddDays(-211),
            Nodes = members,
            Leader = members[0].Name,
            ManagerCount = tally.Total,
            ReachableManagerCount = tally.Reachable,
            Quorum = tally.Quorum,
            ToleratedFailures = tally.ToleratedFailures,
            WorkerCount = count - tally.Total,
            ReadyCount = members.Count(member => member.State == SwarmNodeState.Ready),
            Regions = [.. members.Select(member => member.Region!).Distinct().Order()],
            EngineVersions = ["28.5.1"],
            RootCertificateExpiry = Now.AddYears(19),
            NodeCertificateValidity = TimeSpan.FromDays(90),
            AddressPools = ["10.0.0.0/8"],
        };
        var nodes = members.Select((member, index) => Node(member, index, trouble(index))).ToList();
        var isTroubled = Enumerable.Range(0, count).Any(index => trouble(index) is not null);
        var report = new SwarmReport
        {
            TakenAt = Now,
            Duration = TimeSpan.FromSeconds(6.4),
            Swarm = swarm,
            Nodes = nodes,
            Overlays =
            [
                new SwarmOverlay
                {
                    Name = "internal",
                    Encrypted = true,
                    Attachable = true,
                    Subnets = ["10.0.1.0/24"],
                    Mtu = 1500,
                    NatRepairs =
                    [
                        .. members.Select(member => new NatRepairState
                        {
                            Node = member.Name,
                            BehindNat = true,
                            RuleNeeded = true,
                            RuleActive = true,
                            RulePersistent = true,
                        }),
                    ],
                },
            ],
            Paths = Paths(members, trouble),
            Services = Services(members, isTroubled),
            FailedTasks = isTroubled ? Failed(members) : [],
            GaleraClusters = [Galera(members, isTroubled)],
            SharedFolders = [Folder(members, isTroubled)],
            Zones = [Zone(members, isTroubled)],
        };
        var silent = nodes.Where(node => node.Error is not null).Select(node => node.Node).ToHashSet();
        return report with
        {
            Findings = FindingOrder.Sort([
                .. SwarmHealth.OfManagers(swarm),
                .. SwarmHealth.OfNodes(swarm, []),
                .. SwarmHealth.OfSettings(swarm, null, Now),
                .. nodes.SelectMany(node =>
                    HostJudge.Of(node, node.CertificateExpiry is { } until ? (until.AddDays(-90), until) : null, Now)
                ),
                .. NodeJudge.Of(Checks(members, trouble), silent, knowsVersions: true),
                .. ReportJudge.Of(report, silent),
            ]),
        };
    }

    private static SwarmNode Member(string[] regions, int index, int count, string? trouble)
    {
        var region = regions[index % regions.Length];
        var isManager = count == 3 || index < 5;
        var isDown = trouble == "down";
        return new SwarmNode
        {
            Name = count == regions.Length ? region : $"{region}-{(char)('a' + (index / regions.Length))}",
            NodeId = $"id{index}",
            Hostname = $"ip-10-{index}-0-10",
            Region = region,
            DockerHost = $"ssh://admin@203.0.113.{index + 1}",
            Role = isManager ? SwarmNodeRole.Manager : SwarmNodeRole.Worker,
            ManagerAddress = isManager ? $"203.0.113.{index + 1}:2377" : null,
            Reachability =
                !isManager ? null
                : isDown ? SwarmManagerReachability.Unreachable
                : SwarmManagerReachability.Reachable,
            IsLeader = index == 0,
            State = isDown ? SwarmNodeState.Down : SwarmNodeState.Ready,
            Availability = index == 7 && count > 3 ? SwarmNodeAvailability.Drain : SwarmNodeAvailability.Active,
            EngineVersion = "28.5.1",
        };
    }

    private static SwarmReportNode Node(SwarmNode member, int index, string? trouble)
    {
        var node = new SwarmReportNode
        {
            Node = member.Name,
            Region = member.Region,
            Role = member.Role,
            IsLeader = member.IsLeader,
            State = member.State,
            Availability = member.Availability,
            Reachability = member.Reachability,
            EngineVersion = member.EngineVersion,
        };
        if (trouble is "down" or "silent")
            return node with { Error = $"'{member.Name}' did not answer within 15 s." };
        var disk = 100_000_000_000L;
        var used = trouble == "disk" ? 0.94 : 0.21 + (index % 5 * 0.09);
        return node with
        {
            OperatingSystem = "Debian GNU/Linux 12 (bookworm)",
            KernelVersion = "6.1.0-41-amd64",
            Processors = 4,
            Load = 0.2 + (index % 4 * 0.37),
            MemoryBytes = 8_200_000_000,
            MemoryAvailableBytes = 8_200_000_000 - (2_100_000_000 + (index % 6 * 800_000_000L)),
            Disks =
            [
                new SwarmReportDisk
                {
                    Path = "/var/lib/docker",
                    Bytes = disk,
                    AvailableBytes = (long)(disk * (1 - used)),
                    InodesUsed = 0.08,
                },
            ],
            StartedAt = Now.AddDays(-12 - index),
            ClockOffsetSeconds = trouble == "clock" ? 7.4 : 0.004 * (index % 7),
            CertificateExpiry = Now.AddDays(25 + (index * 7 % 55)),
            UpdateCount = index % 3 * 4,
            SecurityUpdateCount = index == 12 ? 3 : 0,
            RebootRequired = index == 12,
        };
    }

    private static IEnumerable<NodeFinding> Checks(List<SwarmNode> members, Func<int, string?> trouble)
    {
        for (var index = 0; index < members.Count; index++)
        {
            if (trouble(index) == "clock")
                yield return new NodeFinding
                {
                    Node = members[index].Name,
                    Check = "ClockSkew",
                    Result = FindingResult.Warning,
                    Detail = "7.4 s ahead of the median of the node set (measured to within 0.08 s): the clock is not synchronized",
                    RecommendedAction =
                        "Run a time service on the node (systemctl enable --now systemd-timesyncd, or chrony) and check with timedatectl.",
                };
        }
    }

    private static List<SwarmOverlayPath> Paths(List<SwarmNode> members, Func<int, string?> trouble)
    {
        var paths = new List<SwarmOverlayPath>();
        for (var from = 0; from < members.Count; from++)
        {
            for (var to = 0; to < members.Count; to++)
            {
                if (from == to)
                    continue;
                paths.Add(Path(members, from, to, trouble));
            }
        }

        return paths;
    }

    private static SwarmOverlayPath Path(List<SwarmNode> members, int from, int to, Func<int, string?> trouble)
    {
        var path = new SwarmOverlayPath
        {
            Overlay = "internal",
            From = members[from].Name,
            FromRegion = members[from].Region,
            To = members[to].Name,
            ToRegion = members[to].Region,
            Latency = Latency(members[from].Region!, members[to].Region!) + ((from + to) % 5 * 0.3),
            Loss = 0,
            Udp = true,
            Tcp = true,
            NameResolves = true,
            Mtu = 1424,
            LargestPacket = 1424,
        };
        if (new[] { from, to }.Any(index => trouble(index) is "down" or "silent"))
            return path with
            {
                Result = FindingResult.NotTested,
                Cause = SwarmOverlayCause.NotTested,
                Latency = null,
                Loss = null,
                Detail = "the node did not answer",
            };
        if (members.Count > 3 && to == 8)
            return path with
            {
                Result = FindingResult.Fail,
                Cause = SwarmOverlayCause.Protocol50Blocked,
                Latency = null,
                Loss = 1,
                Detail = "no packet arrives, and the receiver's kernel sees no ESP",
                RecommendedAction = $"Open IP protocol 50 (ESP) on '{members[to].Name}' for every node (firewall and security group).",
            };
        if (members.Count > 3 && from == 3 && to == 16)
            return path with
            {
                Result = FindingResult.Warning,
                Cause = SwarmOverlayCause.PacketLoss,
                Loss = 0.1,
                Detail = "1 of 10 echoes was lost",
                RecommendedAction = "Run Test-SwarmOverlay again; if packets are lost again, ask the provider of the link.",
            };
        return path;
    }

    /// <summary>Light in glass takes about a millisecond for 100 km of round trip; lines are longer than that.</summary>
    private static double Latency(string from, string to)
    {
        if (from == to)
            return 0.4;
        var (a, b) = (SwarmOps.GeoDns.Definition.RegionPlaces.Find(from)!.Value, SwarmOps.GeoDns.Definition.RegionPlaces.Find(to)!.Value);
        static double Radians(double degrees) => degrees * Math.PI / 180;
        var cosine =
            (Math.Sin(Radians(a.Latitude)) * Math.Sin(Radians(b.Latitude)))
            + (Math.Cos(Radians(a.Latitude)) * Math.Cos(Radians(b.Latitude)) * Math.Cos(Radians(a.Longitude - b.Longitude)));
        return Math.Round(Math.Acos(Math.Clamp(cosine, -1, 1)) * 6371 / 100 * 1.35, 1);
    }

    private static List<SwarmService> Services(List<SwarmNode> members, bool isTroubled)
    {
        var ready = members.Where(member => member is { State: SwarmNodeState.Ready, Availability: SwarmNodeAvailability.Active }).ToList();
        return
        [
            Service(
                "edge",
                SwarmServiceMode.Global,
                "nginx:1.29",
                [.. ready.Select(member => Task("edge", member, "running"))],
                "80:80/tcp (host)"
            ),
            Service(
                "shop",
                SwarmServiceMode.Replicated,
                "registry.example.org/shop:4.2.0",
                [
                    .. ready.Take(6).Select((member, slot) => Task("shop", member, "running") with { Slot = slot + 1 }),
                    .. isTroubled
                        ? new[]
                        {
                            Task("shop", members[^1], "rejected") with
                            {
                                Slot = 7,
                                Error = "No such image: registry.example.org/shop:4.2.0",
                                Since = Now.AddMinutes(-38),
                            },
                        }
                        : [],
                ]
            ) with
            {
                UpdateState = isTroubled ? "paused" : "completed",
                UpdateMessage = isTroubled ? "update paused due to failure or early termination of task 8x2" : null,
            },
            Service(
                "mail",
                SwarmServiceMode.Replicated,
                "registry.example.org/mail:1.9",
                [Task("mail", ready[1], "running") with { Slot = 1 }]
            ),
            Service(
                "nightly-export",
                SwarmServiceMode.ReplicatedJob,
                "registry.example.org/export:2.0",
                [Task("nightly-export", ready[0], "complete") with { Slot = 1 }]
            ),
        ];
    }

    private static SwarmService Service(
        string name,
        SwarmServiceMode mode,
        string image,
        IReadOnlyList<SwarmTask> tasks,
        params string[] ports
    ) =>
        new()
        {
            Name = name,
            Id = $"id-{name}",
            Mode = mode,
            Image = $"{image}@sha256:0f1e2d",
            Ports = ports,
            Tasks = tasks,
            DesiredCount = tasks.Count,
            RunningCount = tasks.Count(task => task.State is "running" or "complete"),
            CreatedAt = Now.AddDays(-90),
            UpdatedAt = Now.AddDays(-3),
        };

    private static SwarmTask Task(string service, SwarmNode member, string state) =>
        new()
        {
            Name = $"{service}.{member.Name}",
            Service = service,
            Node = member.Name,
            Region = member.Region,
            State = state,
            DesiredState = "running",
            Since = Now.AddDays(-3),
        };

    private static List<SwarmTask> Failed(List<SwarmNode> members) =>
        [
            .. Enumerable
                .Range(0, 4)
                .Select(index =>
                    Task("mail", members[1], "failed") with
                    {
                        Error = "task: non-zero exit (137): dockerexec: unhealthy container",
                        ExitCode = 137,
                        Since = Now.AddMinutes(-7 - (index * 9)),
                    }
                ),
        ];

    private static GaleraCluster Galera(List<SwarmNode> members, bool isTroubled) =>
        new()
        {
            Name = "galera",
            Status = isTroubled ? GaleraStatus.Degraded : GaleraStatus.Healthy,
            Image = "mariadb:11.8",
            Overlay = "internal",
            ExpectedSize = 3,
            Size = isTroubled ? 2 : 3,
            GaleraNodes =
            [
                .. members
                    .Take(3)
                    .Select(
                        (member, index) =>
                            new GaleraNode
                            {
                                Node = member.Name,
                                Region = member.Region,
                                Service = $"galera-{member.Region}",
                                State = isTroubled && index == 2 ? "Joining" : "Synced",
                                ClusterStatus = "Primary",
                                ClusterSize = 3,
                                Seqno = 4_182_330 + index,
                                FlowControlPaused = 0.002 * index,
                                ReceiveQueue = 0.03,
                                SendQueue = 0,
                                CertificationFailures = 2,
                                BruteForceAborts = 1,
                                ReplicationLatency = 0.081,
                                DataKilobytes = 2_410_000,
                                Version = "11.8.3-MariaDB",
                            }
                    ),
            ],
            Findings = isTroubled
                ? [$"{members[2].Name} is receiving a state transfer (receiving from {members[0].Name}) and will then join"]
                : [],
        };

    private static SwarmSharedFolder Folder(List<SwarmNode> members, bool isTroubled) =>
        new()
        {
            Name = "uploads",
            Path = "/srv/uploads",
            Status = isTroubled ? SwarmSharedFolderStatus.Degraded : SwarmSharedFolderStatus.InSync,
            Files = 18_204,
            Bytes = 5_120_000_000,
            Copies =
            [
                .. members
                    .Take(3)
                    .Select(
                        (member, index) =>
                            new SwarmSharedFolderCopy
                            {
                                Folder = "uploads",
                                Node = member.Name,
                                State = isTroubled && index == 1 ? SwarmSharedFolderState.Failed : SwarmSharedFolderState.InSync,
                                Completion = isTroubled && index == 1 ? 97.2 : 100,
                                BytesBehind = isTroubled && index == 1 ? 143_000_000 : 0,
                                LastChange = Now.AddMinutes(-4),
                            }
                    ),
            ],
            Findings = isTroubled ? [$"'{members[1].Name}': insufficient space in folder. Free space on its disk."] : [],
        };

    private static SwarmGeoDns Zone(List<SwarmNode> members, bool isTroubled) =>
        new()
        {
            Zone = "edge.example.org",
            Service = "edge",
            Status = isTroubled ? GeoDnsStatus.Degraded : GeoDnsStatus.Healthy,
            Serial = 2026113001,
            TtlSeconds = 60,
            Locating = "cities (GeoLite2-City), then default order",
            Servers =
            [
                .. members
                    .Take(2)
                    .Select(
                        (member, index) =>
                            new SwarmGeoDnsServer
                            {
                                Name = $"ns{index + 1}.edge.example.org",
                                Node = member.Name,
                                Serial = 2026113001,
                                Udp = true,
                                Tcp = true,
                                IsHealthKnown = true,
                            }
                    ),
            ],
            Regions =
            [
                .. members
                    .Take(3)
                    .Select(
                        (member, index) =>
                            new SwarmGeoDnsRegion
                            {
                                Name = member.Region!,
                                IsOut = isTroubled && index == 2,
                                EdgeNodes =
                                [
                                    new SwarmGeoDnsNode
                                    {
                                        Node = member.Name,
                                        Address = "203.0.113.1",
                                        IsOut = isTroubled && index == 2,
                                        HealthyFrom = [members[0].Name, members[1].Name],
                                    },
                                ],
                            }
                    ),
            ],
            Findings = isTroubled
                ?
                [
                    $"The region '{members[2].Region}' is out of DNS. Bring it back with Set-SwarmEdge -Name edge -Region {members[2].Region} -In.",
                ]
                : [],
        };
}
