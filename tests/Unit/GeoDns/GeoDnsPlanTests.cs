using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Formation;
using SwarmOps.Services.Edge;
using static SwarmOps.Tests.Unit.GeoDns.GeoDnsZone;

namespace SwarmOps.Tests.Unit.GeoDns;

/// <summary>What a zone is to be, from what was specified, what it is and what the swarm has.</summary>
public sealed class GeoDnsPlanTests
{
    private static readonly NewGeoDnsRequest Again = new([], "edge.example.org");

    [Fact]
    public void A_new_zone_has_a_name_server_in_each_region_and_all_nodes_of_the_edge()
    {
        Assert.Equal(["1 eu-1", "2 east-1", "3 west-1"], Definition.Servers.Select(server => $"{server.Number} {server.Node}"));
        Assert.Equal(
            ["eu-central-1: eu-1 eu-2", "us-east-1: east-1", "us-west-1: west-1"],
            Definition.Regions.Select(region => $"{region.Name}: {string.Join(' ', region.Nodes.Select(node => node.Name))}")
        );
        Assert.Equal((80, 30, 10), (Definition.Check.Port, Definition.TtlSeconds, Definition.DetectionSeconds));
        Assert.Equal(["@"], Definition.Records);
        Assert.Equal(2026113000, Definition.Serial);
    }

    [Fact]
    public void A_second_run_changes_nothing()
    {
        var again = Make(Again, Definition);

        Assert.False(again.DiffersFrom(Definition));
        Assert.Equal(Definition.Serial, again.Serial);
    }

    [Fact]
    public void A_change_raises_the_serial_and_keeps_what_was_not_specified()
    {
        var first = Make(Again with { TtlSeconds = 60, NetworkMap = Map((East, "192.0.2.0/24")) }, Definition);
        var second = Make(Again with { HealthPath = "/healthz" }, first);

        Assert.Equal((2026113001, 2026113002), (first.Serial, second.Serial));
        Assert.Equal(60, second.TtlSeconds);
        Assert.Equal(East, second.Networks["192.0.2.0/24"]);
        Assert.Equal("/healthz", second.Check.Path);
    }

    [Fact]
    public void A_serial_never_falls() =>
        Assert.Equal(2030010101, Make(Again with { TtlSeconds = 60 }, Definition with { Serial = 2030010100 }).Serial);

    [Fact]
    public void The_definition_survives_its_text()
    {
        var made = Make(
            Again with
            {
                NetworkMap = Map((East, "192.0.2.0/24")),
                Coordinates = new Dictionary<string, string> { [Eu] = "50.5, 8" },
            },
            Definition
        );
        var read = GeoDnsDefinition.FromJson(System.Text.Encoding.UTF8.GetBytes(made.ToJson()));

        Assert.Equal(made.ToJson(), read.ToJson());
    }

    [Fact]
    public void A_name_server_that_is_kept_keeps_its_number()
    {
        var moved = Make(Again with { NameServers = ["west-1", "eu-2"] }, Definition);
        var back = Make(Again with { NameServers = ["eu-1", "west-1"] }, moved);

        Assert.Equal(["1 eu-2", "3 west-1"], moved.Servers.Select(server => $"{server.Number} {server.Node}"));
        Assert.Equal("10.0.0.3", moved.Servers[1].Listen);
        Assert.Equal(["1 eu-1", "3 west-1"], back.Servers.Select(server => $"{server.Number} {server.Node}"));
    }

    [Fact]
    public void A_name_server_whose_node_is_away_stays_one()
    {
        var members = SwarmMembers.Select(member => member.Name == "east-1" ? member with { IsUsable = false } : member).ToList();

        Assert.False(Make(Again, Definition, members).DiffersFrom(Definition));
    }

    [Fact]
    public void A_name_server_whose_node_was_removed_goes_and_another_region_is_found_when_needed()
    {
        var two = Make(Again with { NameServers = ["eu-1", "east-1"] }, Definition);
        List<EdgeMember> members = [.. SwarmMembers.Where(member => member.Name != "east-1")];
        var edge = new GeoDnsPlan(Again, two, members).Make(new EdgeFacts([Eu, West], 80), null, new DateTime(2026, 11, 30));

        Assert.Equal(["1 eu-1", "2 west-1"], edge.Servers.Select(server => $"{server.Number} {server.Node}"));
    }

    [Fact]
    public void What_is_out_stays_out()
    {
        var drained = Definition with { RegionsOut = [East], RegionsUpdating = [West], NodesOut = ["eu-2"] };
        var changed = Make(Again with { TtlSeconds = 60 }, drained);

        Assert.Equal([East], changed.RegionsOut);
        Assert.Equal([West], changed.RegionsUpdating);
        Assert.Equal(["eu-2"], changed.NodesOut);
    }

    [Fact]
    public void The_order_of_regions_is_that_specified_and_then_the_names() =>
        Assert.Equal([West, Eu, East], Make(Again with { RegionOrder = [West] }, Definition).Regions.Select(region => region.Name));

    [Theory]
    [InlineData("eu-1", "eu-2")]
    [InlineData("eu-1", "eu-1")]
    public void All_name_servers_in_one_region_are_refused(string first, string second) =>
        Assert.Equal("GeoDnsTooFewRegions", Error(Again with { Service = "web", NameServers = [first, second] }));

    [Fact]
    public void What_does_not_exist_is_refused()
    {
        Assert.Equal("GeoDnsServiceMissing", Error(Again));
        Assert.Equal("GeoDnsNodeUnknown", Error(Again with { Service = "web", NameServers = ["eu-1", "nowhere"] }));
        Assert.Equal("GeoDnsRegionUnknown", Error(Again with { Service = "web", RegionOrder = ["eu-west-9"] }));
        Assert.Equal("GeoDnsRegionUnknown", Error(Again with { Service = "web", NetworkMap = Map(("eu-west-9", "192.0.2.0/24")) }));
        Assert.Equal("GeoDnsHealthInvalid", Error(Again with { Service = "web", HealthTimeoutSeconds = 4 }));
    }

    [Fact]
    public void A_node_whose_address_nobody_knows_is_an_error_and_not_left_out()
    {
        var members = SwarmMembers.Select(member => member.Name == "eu-2" ? member with { Address = null } : member).ToList();

        Assert.Equal("GeoDnsAddressUnknown", Error(Again with { Service = "web" }, members));
    }

    [Fact]
    public void A_region_without_a_place_is_refused_with_a_database_only()
    {
        var members = SwarmMembers.Select(member => member with { Region = member.Region == West ? "berlin" : member.Region }).ToList();
        var edge = new EdgeFacts([Eu, East, "berlin"], 80);
        var plan = new GeoDnsPlan(Again with { Service = "web" }, null, members);
        var database = new SwarmOps.GeoDns.Location.GeoDatabaseFile("/tmp/x", new GeoDatabaseUse(true, "GeoLite2-City", "00"));

        Assert.Null(plan.Make(edge, null, DateTime.UtcNow).Regions.Single(region => region.Name == "berlin").Latitude);
        var error = Assert.Throws<SwarmOpsException>(() => plan.Make(edge, database, DateTime.UtcNow));
        Assert.Equal("GeoDnsCoordinateMissing", error.ErrorId);
    }

    private static string Error(NewGeoDnsRequest request, IReadOnlyList<EdgeMember>? members = null) =>
        Assert.Throws<SwarmOpsException>(() => Make(request, null, members)).ErrorId;

    private static Dictionary<string, IReadOnlyList<string>> Map(params (string Region, string Network)[] entries) =>
        entries.ToDictionary(entry => entry.Region, entry => (IReadOnlyList<string>)[entry.Network]);
}
