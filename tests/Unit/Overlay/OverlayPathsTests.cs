using SwarmOps.Nodes;
using SwarmOps.Overlay.Proof;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit.Overlay;

/// <summary>The paths of a test: their order, and what is said of nodes that took no part.</summary>
public sealed class OverlayPathsTests
{
    private static readonly ProbeSighting Works = new(4, 4, 1.5, true, true, 1450, 1450, true);

    private readonly SwarmNode west = new() { Name = "west" },
        dead = new() { Name = "dead" },
        east = new() { Name = "east" },
        stranger = new() { Name = "stranger" };

    [Fact]
    public void They_come_in_the_order_of_the_set_and_a_failing_first_path_stays_first()
    {
        var paths = Judge([west, east], [], lost: (west, east));

        Assert.Equal(["west -> east: Fail", "east -> west: Pass"], paths.Select(path => path.ToString()));
    }

    [Fact]
    public void Nodes_that_took_no_part_have_paths_that_are_not_tested_and_say_why()
    {
        var silent = TransportErrors.NodeUnreachable(dead, "connection refused", null);
        var paths = Judge([west, dead, east, stranger], new() { [dead] = silent, [stranger] = SwarmErrors.NodeNotInSwarm(stranger, "s1") });

        Assert.Equal(
            [
                "west -> dead",
                "west -> east",
                "west -> stranger",
                "dead -> west",
                "dead -> east",
                "dead -> stranger",
                "east -> west",
                "east -> dead",
                "east -> stranger",
                "stranger -> west",
                "stranger -> dead",
                "stranger -> east",
            ],
            paths.Select(path => $"{path.From} -> {path.To}")
        );
        Assert.Equal(
            ["west -> east: Pass", "east -> west: Pass"],
            paths.Where(path => path.Result != FindingResult.NotTested).Select(path => path.ToString())
        );
        var untested = paths.Where(path => path.Result == FindingResult.NotTested).ToList();
        Assert.All(
            untested,
            path =>
                Assert.Equal(
                    (SwarmOverlayCause.NotTested, null, null, false, false, false, null),
                    (path.Cause, path.Latency, path.Loss, path.Udp, path.Tcp, path.NameResolves, path.Mtu)
                )
        );
        Assert.Equal(silent.Message.TrimEnd('.'), untested.Single(path => path is { From: "west", To: "dead" }).Detail);
        Assert.Equal("'stranger' is not a member of swarm s1", untested.Single(path => path is { From: "west", To: "stranger" }).Detail);
        Assert.Contains(
            "Join-SwarmAsWorker",
            untested.Single(path => path is { From: "stranger", To: "east" }).RecommendedAction,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_was_not_tested_is_not_proven_and_has_no_second_warning()
    {
        var paths = Judge([west, dead, east], new() { [dead] = TransportErrors.NodeUnreachable(dead, "connection refused", null) });

        Assert.False(OverlayVerdict.IsSound(paths));
        Assert.False(OverlayVerdict.IsLossy(paths));
        Assert.Empty(OverlayVerdict.Warnings(paths));
        Assert.StartsWith(
            "'net': NotTested on 4 of 6 paths (to or from dead): ",
            Assert.Single(OverlayVerdict.Sentences(paths)),
            StringComparison.Ordinal
        );
        Assert.True(OverlayVerdict.IsSound(Judge([west, east], [])));
    }

    [Fact]
    public void Each_reason_has_a_sentence_and_a_tested_path_that_fails_is_named_among_untested_ones()
    {
        var paths = Judge(
            [west, dead, east, stranger],
            new()
            {
                [dead] = TransportErrors.NodeUnreachable(dead, "connection refused", null),
                [stranger] = SwarmErrors.NodeNotInSwarm(stranger, "s1"),
            },
            lost: (west, east)
        );

        Assert.True(OverlayVerdict.IsLossy(paths));
        Assert.Equal(3, OverlayVerdict.Sentences(paths).Count);
        Assert.Contains("on 1 of 12 paths (west -> east)", Assert.Single(OverlayVerdict.Warnings(paths)), StringComparison.Ordinal);
    }

    /// <summary>All nodes that took part see each other, except for one path.</summary>
    private static IReadOnlyList<SwarmOverlayPath> Judge(
        IReadOnlyList<SwarmNode> set,
        Dictionary<SwarmNode, SwarmOpsException> absent,
        (SwarmNode From, SwarmNode To)? lost = null
    )
    {
        var up = set.Where(node => !absent.ContainsKey(node))
            .Select((node, number) => new OverlayProbe(node, "id", $"probe-{number}", $"10.0.1.{number}"))
            .ToList();
        var sightings = up.ToDictionary(
            probe => probe.Node.Name,
            IReadOnlyDictionary<string, ProbeSighting> (probe) =>
                up.Where(peer => peer != probe)
                    .ToDictionary(peer => peer.Address, peer => (probe.Node, peer.Node) == lost ? Works with { Udp = false } : Works)
        );
        return OverlayPaths.Judge(
            "net",
            new OverlayDiagnosis("net", false, SwarmPorts.DataPath),
            set,
            absent,
            up,
            sightings,
            up.ToDictionary(probe => probe.Node.Name, probe => new ProbeHost { Name = probe.Node.Name })
        );
    }
}
