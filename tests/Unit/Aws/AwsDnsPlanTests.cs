using SwarmOps.Aws.Dns;
using SwarmOps.Aws.Dns.Api;
using SwarmOps.Services.Edge;

namespace SwarmOps.Tests.Unit;

/// <summary>What changes in Route 53, from what a name is to answer and what there is.</summary>
public sealed class AwsDnsPlanTests
{
    private const string Name = "www.example.org";
    private const string Eu = "eu-central-1",
        East = "us-east-1";

    private static readonly HostedZone Zone = new("Z1D633PJN98FT9", "example.org", false);
    private static readonly HealthCheckSettings Health = new() { Port = 80, Path = "/healthz" };

    private static readonly DnsWish Wish = new(Zone, Name, "web", "swarm-1")
    {
        TtlSeconds = 60,
        Health = Health,
        Regions =
        [
            new(Eu, [new DnsNode("eu-1", "203.0.113.16"), new DnsNode("eu-2", "203.0.113.17")]),
            new(East, [new DnsNode("us-1", "203.0.113.33")]),
        ],
    };

    private static readonly DnsPresent Nothing = new(Name, [], [], new Dictionary<string, IReadOnlyDictionary<string, string>>());

    [Fact]
    public void A_new_name_gets_a_check_and_a_record_for_each_node_and_a_latency_record_for_each_region()
    {
        var changes = new DnsPlan(Wish, Nothing).Changes();

        Assert.Equal([Eu, East], changes.Select(change => change.Region));
        Assert.Equal(
            [
                "create a health check of 'us-1' (203.0.113.33): HTTP 80/healthz, every 30 s, 3 failures",
                "answer us-east-1._swarm.www.example.org with 'us-1' (203.0.113.33), time to live 60 s",
                "send clients near us-east-1 to us-east-1._swarm.www.example.org",
            ],
            changes[1].Words
        );
        var all = Applied(Wish, Nothing).Records;
        Assert.Equal(5, all.Count);
        var latency = all.Single(record => record.Region == East);
        Assert.Equal(
            (Name, "A", "swarmops/web/us-east-1", "us-east-1._swarm.www.example.org", null),
            (latency.Name, latency.Type, latency.SetIdentifier, latency.AliasName, latency.TtlSeconds)
        );
        var node = all.Single(record => record.SetIdentifier == "swarmops/web/eu-2");
        Assert.Equal(("eu-central-1._swarm.www.example.org", true, 60), (node.Name, node.IsMultiValue, node.TtlSeconds));
        Assert.Equal(["203.0.113.17"], node.Values);
    }

    [Fact]
    public void A_second_run_changes_nothing()
    {
        var plan = new DnsPlan(Wish, Applied(Wish, Nothing));

        Assert.All(plan.Changes(), change => Assert.True(change.IsNone, string.Join("; ", change.Words)));
        Assert.Empty(plan.Orphans());
    }

    [Fact]
    public void An_interrupted_run_continues_with_the_checks_that_exist()
    {
        var whole = Applied(Wish, Nothing);
        var cut = whole with { Records = [], Tags = new Dictionary<string, IReadOnlyDictionary<string, string>>() };
        var changes = new DnsPlan(Wish, cut).Changes();

        Assert.All(changes, change => Assert.Empty(change.NewChecks));
        Assert.Equal("tag the health check of 'us-1' (203.0.113.33)", changes[1].Words[0]);
        Assert.Empty(new DnsPlan(Wish, cut).Orphans());
    }

    [Fact]
    public void Checks_that_nothing_needs_any_more_are_deleted()
    {
        var whole = Applied(Wish, Nothing);
        var left = whole with { Checks = [.. whole.Checks, new HealthCheck("left", "swarmops-x-y", "203.0.113.99", Health, false, false)] };

        Assert.Equal("left", Assert.Single(new DnsPlan(Wish, left).Orphans()).Id);
    }

    [Fact]
    public void A_region_and_a_node_that_are_gone_leave_with_their_checks()
    {
        var whole = Applied(Wish, Nothing);
        var less = Wish with { Regions = [new(Eu, [new DnsNode("eu-1", "203.0.113.16")])] };
        var changes = new DnsPlan(less, whole).Changes();

        Assert.Equal([Eu, East], changes.Select(change => change.Region));
        Assert.Empty(changes[1].Nodes);
        Assert.Equal(2, changes[1].Deleted.Count);
        Assert.Single(changes[1].Freed);
        Assert.StartsWith(
            "no longer answer eu-central-1._swarm.www.example.org with 'eu-2' (203.0.113.17)",
            changes[0].Words[0],
            StringComparison.Ordinal
        );
        Assert.Single(changes[0].Freed);
        Assert.All(new DnsPlan(less, Applied(less, whole)).Changes(), change => Assert.True(change.IsNone));
    }

    [Fact]
    public void Another_check_or_address_replaces_the_check_and_keeps_the_latency_record()
    {
        var whole = Applied(Wish, Nothing);
        var moved = Wish with { Regions = [Wish.Regions[0], new(East, [new DnsNode("us-1", "203.0.113.40")])] };
        var change = new DnsPlan(moved, whole).Changes()[1];
        Assert.Null(change.Latency);
        Assert.Empty(change.Deleted);
        Assert.Equal("203.0.113.33", Assert.Single(change.Freed).Address);
        Assert.Equal("change us-east-1._swarm.www.example.org to 'us-1' (203.0.113.40), time to live 60 s", change.Words[1]);

        var tcp = Wish with { Health = Health with { Path = null } };
        Assert.All(new DnsPlan(tcp, whole).Changes(), other => Assert.Equal(other.Nodes.Count, other.Freed.Count));
    }

    [Fact]
    public void What_was_changed_by_hand_is_drift_but_a_check_that_was_inverted_is_left()
    {
        var whole = Applied(Wish, Nothing);
        var edited = whole with
        {
            Records = [.. whole.Records.Where(record => record.Region != East)],
            Checks =
            [
                .. whole.Checks.Select(check =>
                    check.Address == "203.0.113.16" ? check with { IsInverted = true, IsDisabled = true } : check
                ),
            ],
        };
        var plan = new DnsPlan(Wish, edited);

        Assert.Equal(
            ["send clients near us-east-1 to us-east-1._swarm.www.example.org"],
            plan.Changes().SelectMany(change => change.Words)
        );
        Assert.StartsWith("'eu-1' (203.0.113.16) is taken out of DNS by hand", Assert.Single(plan.Overrides()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A", null, null, "DnsNameTaken")]
    [InlineData("CNAME", null, null, "DnsNameTaken")]
    [InlineData("A", "mine", "us-east-1", "DnsNameTaken")]
    [InlineData("A", "mine", "ap-southeast-1", null)]
    [InlineData("AAAA", null, null, null)]
    [InlineData("A", "swarmops/shop/us-east-1", "us-east-1", "DnsNameOfOtherService")]
    public void What_someone_else_made_is_never_changed(string type, string? identifier, string? region, string? error)
    {
        var there = Nothing with { Records = [Foreign(type, identifier, region)] };

        if (error is null)
            Assert.Equal(type == "A" ? 1 : 0, DnsConflicts.Check(Wish, there, isForced: false).Count);
        else
            Assert.Equal(error, Assert.Throws<SwarmOpsException>(() => DnsConflicts.Check(Wish, there, isForced: true)).ErrorId);
    }

    [Fact]
    public void The_records_of_another_swarm_are_taken_over_only_by_force()
    {
        var whole = Applied(Wish with { SwarmId = "swarm-0" }, Nothing);

        Assert.Equal("DnsNameOfOtherSwarm", Assert.Throws<SwarmOpsException>(() => DnsConflicts.Check(Wish, whole, false)).ErrorId);
        Assert.Empty(DnsConflicts.Check(Wish, whole, true));
        Assert.All(
            new DnsPlan(Wish, whole).Changes().SelectMany(change => change.Words),
            word => Assert.StartsWith("tag the health check", word, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void What_is_not_specified_is_kept_and_what_is_wrong_is_refused()
    {
        var whole = Applied(Wish, Nothing);
        var edge = new EdgeFacts([Eu, "berlin"], 443);
        EdgeMember[] members =
        [
            new("1", "eu-1", Eu, "203.0.113.16", true),
            new("2", "home", "berlin", "203.0.113.80", true),
            new("3", "us-1", East, "203.0.113.33", true),
        ];
        var request = new SyncDnsRecordRequest([], "example.org", "www", "web")
        {
            RegionMap = new Dictionary<string, string> { ["berlin"] = Eu },
        };

        var kept = new DnsWishBuilder(request, whole).Make(Zone, "swarm-1", edge, members);
        Assert.Equal((60, Health), (kept.TtlSeconds, kept.Health));
        Assert.Equal(["eu-1", "home"], Assert.Single(kept.Regions).Nodes.Select(node => node.Name));
        var fresh = new DnsWishBuilder(request with { TtlSeconds = 30 }, Nothing).Make(Zone, "swarm-1", edge, members);
        Assert.Equal((30, "TCP 443, every 30 s, 3 failures"), (fresh.TtlSeconds, fresh.Health.ToString()));

        Assert.Equal("DnsRegionUnknown", Refused(request with { RegionMap = new Dictionary<string, string>() }, members));
        Assert.Equal("DnsHealthInvalid", Refused(request with { HealthPath = "healthz" }, members));
        Assert.Equal("DnsHealthInvalid", Refused(request with { HealthTls = true }, members));
        Assert.Equal("DnsAddressUnknown", Refused(request, [members[0] with { Address = null }]));
        Assert.Equal("DnsAddressPrivate", Refused(request, [members[0] with { Address = "10.0.0.1" }]));
        Assert.Equal("DnsServiceHasNoNodes", Refused(request, [members[2]]));

        string Refused(SyncDnsRecordRequest wrong, IReadOnlyList<EdgeMember> these) =>
            Assert.Throws<SwarmOpsException>(() => new DnsWishBuilder(wrong, Nothing).Make(Zone, "swarm-1", edge, these)).ErrorId;
    }

    [Theory]
    [InlineData("www", "www.example.org")]
    [InlineData("@", "example.org")]
    [InlineData("Example.org.", "example.org")]
    [InlineData("a.b.example.org", "a.b.example.org")]
    public void Names_are_relative_to_the_zone(string given, string full) => Assert.Equal(full, DnsNames.Record(given, "example.org"));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("a b")]
    [InlineData("-a")]
    public void Names_that_are_none_are_refused(string given) =>
        Assert.Equal("DnsRecordNameInvalid", Assert.Throws<SwarmOpsException>(() => DnsNames.Record(given, "example.org")).ErrorId);

    [Fact]
    public void A_reference_is_the_same_for_the_same_check_and_fits()
    {
        var reference = DnsNames.Reference(Zone, Name, "203.0.113.16", Health);

        Assert.Equal(reference, DnsNames.Reference(Zone, Name, "203.0.113.16", Health with { }));
        Assert.NotEqual(reference, DnsNames.Reference(Zone, Name, "203.0.113.17", Health));
        Assert.NotEqual(reference, DnsNames.Reference(Zone, Name, "203.0.113.16", Health with { Retries = 2 }));
        Assert.StartsWith(DnsNames.ReferencePrefix(Zone, Name), reference, StringComparison.Ordinal);
        Assert.InRange(DnsNames.ReferenceAgain(reference, DateTime.UtcNow).Length, 1, 64);
    }

    /// <summary>What Route 53 has after all changes of a plan.</summary>
    private static DnsPresent Applied(DnsWish wish, DnsPresent present)
    {
        var plan = new DnsPlan(wish, present);
        var (records, checks, tags) = (present.Records.ToList(), present.Checks.ToList(), present.Tags.ToDictionary());
        foreach (var change in plan.Changes())
        {
            var ids = change.Checks.ToDictionary(check => check.Key, check => check.Value.Id);
            foreach (var node in change.NewChecks)
            {
                ids[node.Name] = $"check-{node.Address}-{wish.Health.Type}";
                var reference = DnsNames.Reference(wish.Zone, wish.Name, node.Address, wish.Health);
                checks.Add(new HealthCheck(ids[node.Name], reference, node.Address, wish.Health, false, false));
            }

            foreach (var node in change.NewChecks.Concat(change.Untagged))
                tags[ids[node.Name]] = wish.TagsOf(node);
            foreach (
                var set in change
                    .NewRecords.Select(node => plan.NodeRecord(change.Region, node, ids[node.Name]))
                    .Concat(change.Latency is { } latency ? [latency] : [])
            )
            {
                records.RemoveAll(set.Replaces);
                records.Add(set);
            }

            records.RemoveAll(record => change.Deleted.Contains(record));
            checks.RemoveAll(change.Freed.Contains);
        }

        return present with
        {
            Records = records,
            Checks = checks,
            Tags = tags,
        };
    }

    private static DnsRecordSet Foreign(string type, string? identifier, string? region)
    {
        var xml = Route53Client.Namespace;
        return new DnsRecordSet(
            new(
                xml + "ResourceRecordSet",
                new System.Xml.Linq.XElement(xml + "Name", "www.example.org."),
                new System.Xml.Linq.XElement(xml + "Type", type),
                identifier is null ? null : new System.Xml.Linq.XElement(xml + "SetIdentifier", identifier),
                region is null ? null : new System.Xml.Linq.XElement(xml + "Region", region)
            )
        );
    }
}
