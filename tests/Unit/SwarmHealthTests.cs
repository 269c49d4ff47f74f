using Docker.DotNet.Models;
using SwarmOps.Swarm.Managers;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Tests.Unit;

/// <summary>What <c>Get-Swarm</c> warns of.</summary>
public sealed class SwarmHealthTests
{
    private static readonly DateTime Now = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_sound_swarm_has_no_warning() =>
        Assert.Empty(Warnings(Manager("a", "eu", leader: true), Manager("b", "us"), Manager("c", "asia")));

    [Fact]
    public void An_even_number_of_managers() =>
        Assert.Contains(
            Warnings(Manager("a", "eu", leader: true), Manager("b", "us")),
            warning => warning.Contains("even (2)", StringComparison.Ordinal)
        );

    [Fact]
    public void One_manager_for_three_nodes() =>
        Assert.Contains(
            Warnings(Manager("a", "eu", leader: true), Worker("b", "eu"), Worker("c", "eu")),
            warning => warning.StartsWith("There is one manager for 3 nodes", StringComparison.Ordinal)
        );

    [Fact]
    public void Two_managers_in_one_region_while_another_has_none() =>
        Assert.Equal(
            ["The region eu has 2 managers (a, b) while asia has none."],
            Warnings(Manager("a", "eu", leader: true), Manager("b", "eu"), Manager("c", "us"), Worker("d", "asia"))
        );

    [Fact]
    public void A_manager_that_is_not_reachable_and_what_is_left()
    {
        var warnings = Warnings(
            Manager("a", "eu", leader: true),
            Manager("b", "us"),
            Manager("c", "asia") with
            {
                Reachability = SwarmManagerReachability.Unreachable,
                State = SwarmNodeState.Down,
            }
        );

        Assert.Contains("The leader cannot reach the manager 'c' at c:2377.", warnings);
        Assert.Contains("3 managers, 2 reachable, quorum 2: if one more manager fails, the swarm can no longer be managed.", warnings);
        Assert.Contains("'c' is Down.", warnings);
    }

    [Fact]
    public void A_promotion_that_did_not_end() =>
        Assert.Contains(
            Warnings(Manager("a", "eu", leader: true), Worker("b", "us") with { Role = SwarmNodeRole.Manager }),
            warning => warning.StartsWith("The promotion of 'b' was not completed", StringComparison.Ordinal)
        );

    [Fact]
    public void Versions_that_differ() =>
        Assert.Contains(
            "Engine versions differ: 20.10.24 on a, b; 26.1.5 on c.",
            Warnings(Manager("a", "eu", leader: true), Manager("b", "us"), Manager("c", "asia") with { EngineVersion = "26.1.5" })
        );

    [Fact]
    public void A_certificate_that_ends_soon()
    {
        var soon = Sum(Manager("a", "eu", leader: true)) with { RootCertificateExpiry = Now.AddDays(30) };

        Assert.Contains(
            "The root certificate expires on 2030-01-31. Replace the certificate authority with Update-SwarmCertificate.",
            SwarmHealth.OfSettings(soon, null, Now).Select(finding => finding.Text)
        );
    }

    [Fact]
    public void A_heartbeat_that_is_short_for_a_wan()
    {
        var cluster = new ClusterInfo
        {
            Spec = new Spec { Dispatcher = new DispatcherConfig { HeartbeatPeriod = TimeSpan.FromSeconds(2) } },
        };

        Assert.Single(
            SwarmHealth.OfSettings(Sum(Manager("a", "eu", leader: true), Worker("b", "us")), cluster, Now),
            finding => finding.Message.Contains("heartbeat of 2 s", StringComparison.Ordinal)
        );
        Assert.Empty(SwarmHealth.OfSettings(Sum(Manager("a", "eu", leader: true)), cluster, Now));
    }

    [Fact]
    public void Managers_that_disagree_are_named()
    {
        var swarm = Sum(Manager("a", "eu", leader: true), Manager("b", "us"), Manager("c", "asia"));
        ManagerOpinion[] opinions =
        [
            new(swarm.Nodes[0], "a", 3, null),
            new(swarm.Nodes[1], "c", 3, null),
            new(swarm.Nodes[2], null, 3, null),
        ];

        Assert.Equal(
            ["The manager 'b' reports a different leader (c) than the others (a).", "The manager 'c' has no leader."],
            SwarmHealth.OfOpinions(swarm, opinions).Select(finding => finding.Message)
        );
    }

    [Fact]
    public void The_root_certificate_is_read()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=swarm-ca",
            key,
            System.Security.Cryptography.HashAlgorithmName.SHA256
        );
        using var certificate = request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));

        Assert.Equal(Now.AddYears(1), TrustRoot.ExpiryOf(certificate.ExportCertificatePem()));
        Assert.Null(TrustRoot.ExpiryOf("nonsense"));
        Assert.Null(TrustRoot.ExpiryOf(null));
    }

    [Fact]
    public void A_margin_of_none_is_critical_and_every_finding_names_a_next_step()
    {
        var findings = Findings(
            Manager("a", "eu", leader: true),
            Manager("b", "us"),
            Manager("c", "asia") with
            {
                Reachability = SwarmManagerReachability.Unreachable,
                State = SwarmNodeState.Down,
            }
        );

        Assert.Equal(SwarmFindingSeverity.Critical, findings.Single(finding => finding.Check == "NoQuorumMargin").Severity);
        Assert.Equal("c", findings.Single(finding => finding.Check == "NodeDown").Subject);
        Assert.All(findings, finding => Assert.NotEmpty(finding.RecommendedAction));
    }

    private static List<string> Warnings(params SwarmNode[] nodes) => [.. Findings(nodes).Select(finding => finding.Message)];

    private static List<SwarmFinding> Findings(params SwarmNode[] nodes)
    {
        var swarm = Sum(nodes);
        return [.. SwarmHealth.OfManagers(swarm), .. SwarmHealth.OfNodes(swarm, []), .. SwarmHealth.OfSettings(swarm, null, Now)];
    }

    private static SwarmSummary Sum(params SwarmNode[] nodes)
    {
        var managers = nodes.Where(node => node.ManagerAddress is not null).ToList();
        var tally = new ManagerTally(managers.Count, managers.Count(node => node.Reachability == SwarmManagerReachability.Reachable));
        return new SwarmSummary
        {
            Id = "s",
            Nodes = nodes,
            Leader = nodes.FirstOrDefault(node => node.IsLeader)?.Name,
            ManagerCount = tally.Total,
            ReachableManagerCount = tally.Reachable,
            Quorum = tally.Quorum,
            ToleratedFailures = tally.ToleratedFailures,
            Regions = [.. nodes.Select(node => node.Region!).Distinct().Order()],
            EngineVersions = [.. nodes.Select(node => node.EngineVersion!).Distinct().Order()],
            RootCertificateExpiry = Now.AddYears(10),
        };
    }

    private static SwarmNode Manager(string name, string region, bool leader = false) =>
        Worker(name, region) with
        {
            Role = SwarmNodeRole.Manager,
            ManagerAddress = $"{name}:2377",
            Reachability = SwarmManagerReachability.Reachable,
            IsLeader = leader,
        };

    private static SwarmNode Worker(string name, string region) =>
        new()
        {
            Name = name,
            NodeId = name,
            Hostname = $"host-{name}",
            Region = region,
            Role = SwarmNodeRole.Worker,
            State = SwarmNodeState.Ready,
            EngineVersion = "20.10.24",
        };
}
