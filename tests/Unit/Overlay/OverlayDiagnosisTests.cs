using SwarmOps.Overlay.Proof;

namespace SwarmOps.Tests.Unit.Overlay;

/// <summary>Each row of "what blocked traffic looks like" leads to its cause (docs/networking.md).</summary>
public sealed class OverlayDiagnosisTests
{
    private static readonly ProbeSighting Sound = new(4, 4, 1.5, true, true, 1450, 1450, true);
    private static readonly ProbeSighting Silent = new(4, 0, null, false, false, 1450, 0, true);
    private static readonly ProbeSighting Nameless = Silent with { Name = false };

    private readonly ProbeHost here = new()
    {
        Name = "here",
        HasIpsec = true,
        ChecksumErrors = 0,
        LacksNatRule = false,
    };
    private readonly ProbeHost there = new()
    {
        Name = "there",
        HasIpsec = true,
        ChecksumErrors = 0,
        LacksNatRule = false,
    };

    [Fact]
    public void What_arrives_has_no_cause() => Assert.Equal((SwarmOverlayCause.None, null), Judge(true, Sound, Sound));

    [Fact]
    public void A_sound_network_of_a_manager_that_the_swarm_has_lost_lacks_the_control_port()
    {
        var (cause, _, action) = new OverlayDiagnosis("net", false, 4789).Judge(here with { ControlIsSound = false }, there, Sound, Sound);
        Assert.Equal(SwarmOverlayCause.ControlPortBlocked, cause);
        Assert.Contains("2377/tcp", action, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_of_a_direction_that_was_not_tested() =>
        Assert.Equal(SwarmOverlayCause.Unknown, Judge(false, Nameless, null).Cause);

    [Fact]
    public void A_plain_network_that_is_silent_while_names_are_well_lacks_its_port()
    {
        var (cause, action) = Judge(false, Silent, Silent);
        Assert.Equal(SwarmOverlayCause.DataPathPortBlocked, cause);
        Assert.Contains("4789/udp", action, StringComparison.Ordinal);
    }

    [Fact]
    public void An_encrypted_one_lacks_protocol_50()
    {
        var (cause, action) = Judge(true, Silent, Silent);
        Assert.Equal(SwarmOverlayCause.Protocol50Blocked, cause);
        Assert.Contains("protocol 50", action, StringComparison.Ordinal);
    }

    [Fact]
    public void Behind_NAT_checksum_errors_or_a_missing_rule_name_the_rule()
    {
        Assert.Equal(SwarmOverlayCause.NatChecksum, Judge(true, Silent, Silent, here with { ChecksumErrors = 12 }).Cause);
        var (cause, action) = Judge(true, Silent, Silent, here with { LacksNatRule = true });
        Assert.Equal(SwarmOverlayCause.NatChecksum, cause);
        Assert.Contains("New-EncryptedOverlay", action, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_that_refused_the_keys_is_named_before_anything_else() =>
        Assert.Equal(
            SwarmOverlayCause.KernelWithoutIpsec,
            Judge(true, Silent, Silent, here with { HasIpsec = false, LacksNatRule = true }).Cause
        );

    [Fact]
    public void Unknown_kernels_and_rules_are_no_evidence() =>
        Assert.Equal(
            SwarmOverlayCause.Protocol50Blocked,
            Judge(true, Silent, Silent, here with { HasIpsec = null, ChecksumErrors = null, LacksNatRule = null }).Cause
        );

    [Fact]
    public void Silence_without_names_on_either_side_is_gossip() =>
        Assert.Equal(SwarmOverlayCause.GossipBlocked, Judge(false, Nameless, Nameless).Cause);

    [Fact]
    public void Silence_with_names_on_one_side_is_gossip_over_udp()
    {
        Assert.Equal(SwarmOverlayCause.GossipUdpBlocked, Judge(false, Silent, Nameless).Cause);
        Assert.Equal(SwarmOverlayCause.GossipUdpBlocked, Judge(true, Nameless, Silent).Cause);
    }

    [Theory]
    [InlineData(true, SwarmOverlayCause.GossipUdpBlocked)]
    [InlineData(false, SwarmOverlayCause.GossipBlocked)]
    public void Where_names_have_faded_on_both_sides_7946_over_tcp_tells_which(bool answers, SwarmOverlayCause cause) =>
        Assert.Equal(
            cause,
            Judge(false, Nameless, Nameless, here with { Gossip = new Dictionary<string, bool> { ["there"] = answers } }).Cause
        );

    [Fact]
    public void Silence_of_a_host_that_the_swarm_has_lost_too_is_a_cut() =>
        Assert.Equal(SwarmOverlayCause.HostCutOff, Judge(false, Nameless, Nameless, here with { ControlIsSound = false }).Cause);

    [Theory]
    [InlineData(false, 1370, "-Mtu 1420")]
    [InlineData(true, 1344, "-Mtu 1420")]
    public void Only_large_packets_lost_names_the_value_to_set(bool encrypted, int largest, string value)
    {
        var (cause, action) = Judge(encrypted, Sound with { LargestPacket = largest }, Sound);
        Assert.Equal(SwarmOverlayCause.MtuTooLarge, cause);
        Assert.Contains(value, action, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_name_missing_is_stale_discovery()
    {
        var (cause, action) = Judge(false, Sound with { Name = false }, Sound);
        Assert.Equal(SwarmOverlayCause.StaleName, cause);
        Assert.Contains("Repair-Swarm -NameOn", action, StringComparison.Ordinal);
    }

    [Fact]
    public void Some_echoes_lost_is_loss() =>
        Assert.Equal(SwarmOverlayCause.PacketLoss, Judge(false, Sound with { Received = 3 }, Sound).Cause);

    [Fact]
    public void Without_a_probe_nothing_was_tested() => Assert.Equal(SwarmOverlayCause.NotTested, Judge(false, null, Sound).Cause);

    [Theory]
    [InlineData(false, SwarmOverlayCause.HostCutOff, "Test-SwarmNode")]
    [InlineData(true, SwarmOverlayCause.ControlPortBlocked, "2377/tcp between 'there'")]
    [InlineData(null, SwarmOverlayCause.ControlPortBlocked, "2377/tcp between 'there'")]
    public void A_host_whose_engine_no_manager_answers_is_named_without_a_packet(
        bool? reachesOthers,
        SwarmOverlayCause expected,
        string advice
    )
    {
        var (cause, _, action) = new OverlayDiagnosis("net", false, 4789).Judge(
            here,
            there with
            {
                IsAttached = false,
                Gossip = reachesOthers is { } answers
                    ? new Dictionary<string, bool> { ["here"] = answers }
                    : new Dictionary<string, bool>(),
                ControlIsSound = false,
            },
            null,
            null
        );

        Assert.Equal(expected, cause);
        Assert.Contains(advice, action, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_probe_writes_is_read()
    {
        var seen = ProbeSighting.Parse("peer\t10.0.1.4\t4\t3\t1.250\t1\t0\t1450\t1370\t1\nend\n")!;

        Assert.Equal(new ProbeSighting(4, 3, 1.25, true, false, 1450, 1370, true), seen["10.0.1.4"]);
        Assert.Null(ProbeSighting.Parse("peer\t10.0.1.4\t4\t3\t1.250\t1\t0\t1450\t1370\t1\n"));
    }

    [Fact]
    public void One_node_that_all_ways_have_in_common_is_named()
    {
        SwarmOverlayPath Path(string from, string to, SwarmOverlayCause cause) =>
            new()
            {
                Overlay = "net",
                From = from,
                To = to,
                Cause = cause,
                Result = cause == SwarmOverlayCause.None ? FindingResult.Pass : FindingResult.Fail,
                Detail = "seen",
                RecommendedAction = "do",
            };
        SwarmOverlayPath[] paths =
        [
            Path("a", "b", SwarmOverlayCause.DataPathPortBlocked),
            Path("b", "a", SwarmOverlayCause.DataPathPortBlocked),
            Path("a", "c", SwarmOverlayCause.None),
            Path("c", "a", SwarmOverlayCause.None),
            Path("b", "c", SwarmOverlayCause.DataPathPortBlocked),
            Path("c", "b", SwarmOverlayCause.DataPathPortBlocked),
        ];

        Assert.Equal("'net': DataPathPortBlocked on 4 of 6 paths (to or from b): seen. do", Assert.Single(OverlayVerdict.Sentences(paths)));
        Assert.False(OverlayVerdict.IsSound(paths));
    }

    private (SwarmOverlayCause Cause, string? Action) Judge(
        bool encrypted,
        ProbeSighting? seen,
        ProbeSighting? back,
        ProbeHost? from = null
    )
    {
        var (cause, _, action) = new OverlayDiagnosis("net", encrypted, 4789).Judge(from ?? here, there, seen, back);
        return (cause, action);
    }
}
