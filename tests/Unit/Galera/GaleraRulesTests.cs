using SwarmOps.Galera.Formation;

namespace SwarmOps.Tests.Unit.Galera;

/// <summary>What a cluster can be, judged before any node is asked.</summary>
public sealed class GaleraRulesTests
{
    private static readonly GaleraRequest Sound = new()
    {
        Name = "galera",
        Overlay = "internal",
        Image = "mariadb:10.11",
    };

    public static TheoryData<string, string> Wrong =>
        new()
        {
            { "name", "GaleraNameInvalid" },
            { "long name", "GaleraNameInvalid" },
            { "path", "GaleraDataPathInvalid" },
            { "root", "GaleraDataPathInvalid" },
            { "parent", "GaleraDataPathInvalid" },
            { "cache", "GaleraSizeInvalid" },
            { "memory", "GaleraSizeInvalid" },
            { "option", "GaleraOptionInvalid" },
            { "wsrep", "GaleraOptionReserved" },
            { "loose wsrep", "GaleraOptionReserved" },
            { "datadir", "GaleraOptionReserved" },
            { "user", "GaleraUserIncomplete" },
            { "database", "GaleraUserIncomplete" },
            { "quote", "GaleraDatabaseNameInvalid" },
            { "secret", "StoredNameInvalid" },
            { "arbitrator global", "GaleraArbitratorGlobal" },
            { "region global", "GaleraRegionGlobal" },
            { "no cache", "GaleraSizeInvalid" },
            { "arbitrator data", "GaleraArbitratorHasData" },
            { "own image, tls", "GaleraImageStartsItself" },
            { "own image, arbitrator", "GaleraImageStartsItself" },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_has_its_own_error(string what, string errorId) =>
        Assert.Equal(errorId, Assert.Throws<SwarmOpsException>(() => GaleraRules.Check(Spoilt(what))).ErrorId);

    [Fact]
    public void What_is_sound_passes() =>
        GaleraRules.Check(
            Sound with
            {
                CacheSize = 1L << 30,
                LimitMemory = 1L << 30,
                Database = "shop",
                User = "app",
                Arbitrator = "c",
                Regions = ["a", "b"],
            }
        );

    [Theory]
    [InlineData(1, "GaleraTooFewNodes")]
    [InlineData(2, "GaleraTooFewNodes")]
    [InlineData(3, null)]
    [InlineData(4, "GaleraEvenCount")]
    [InlineData(5, null)]
    public void Only_odd_counts_from_three_are_taken(int count, string? errorId)
    {
        var places = Enumerable
            .Range(0, count)
            .Select(index => new GaleraPlace(new SwarmNode { Name = $"n{index}" }, $"r{index}", index, $"galera-r{index}"))
            .ToList();
        Assert.Equal(errorId, (Record.Exception(() => GaleraRules.CheckCount(places)) as SwarmOpsException)?.ErrorId);
    }

    [Fact]
    public void Every_region_has_a_segment_of_its_own_and_keeps_it_when_another_comes()
    {
        SwarmNode[] nodes = [Node("n1", "a"), Node("n2", "b"), Node("n3", "b"), Node("n4", "c"), Node("n5", "d"), Node("n6", "e")];
        var three = GaleraPlacement.Decide(Sound with { Regions = ["b", "c", "d"] }, nodes, new Dictionary<string, string>());
        var five = GaleraPlacement.Decide(Sound, nodes, three.ToDictionary(place => place.Region!, place => place.Node.Name));

        Assert.Equal(["galera-b 0 n2", "galera-c 1 n4", "galera-d 2 n5"], three.Select(Words));
        Assert.Equal([.. three.Select(Words), "galera-a 3 n1", "galera-e 4 n6"], five.Select(Words));
    }

    [Fact]
    public void An_arbitrator_makes_two_regions_enough_and_holds_no_data()
    {
        SwarmNode[] nodes = [Node("n1", "a"), Node("n2", "b"), Node("n3", "c")];
        var places = GaleraPlacement.Decide(Sound with { Arbitrator = "a" }, nodes, new Dictionary<string, string>());
        var service = GaleraServices.Of(
            Sound with
            {
                Arbitrator = "a",
                User = "app",
                Database = "shop",
            },
            places.Single(place => place.IsArbitrator),
            "id"
        );

        Assert.Equal(["a"], places.Where(place => place.IsArbitrator).Select(place => place.Region));
        Assert.Equal(3, places.Count);
        Assert.Empty(service.Secrets!);
        Assert.DoesNotContain(service.Mounts!, mount => mount.Type == "bind");
        Assert.DoesNotContain(service.Environment!, variable => variable.Key.StartsWith("MARIADB", StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_region_of_the_arbitrator_is_named() =>
        Assert.Equal(
            "GaleraRegionUnknown",
            Assert
                .Throws<SwarmOpsException>(() =>
                    GaleraPlacement.Decide(Sound with { Arbitrator = "z" }, [Node("n1", "a")], new Dictionary<string, string>())
                )
                .ErrorId
        );

    private static string Words(GaleraPlace place) => $"{place.Service} {place.Segment} {place.Node.Name}";

    private static SwarmNode Node(string name, string region) => new() { Name = name, Region = region };

    private static GaleraRequest Spoilt(string what) =>
        what switch
        {
            "name" => Sound with { Name = "Galera" },
            "long name" => Sound with { Name = new string('a', 33) },
            "path" => Sound with { DataPath = "srv/mysql" },
            "root" => Sound with { DataPath = "/srv" },
            "parent" => Sound with { DataPath = "/srv/../etc" },
            "region global" => Sound with { Layout = GaleraLayout.Global, Regions = ["a"] },
            "no cache" => Sound with { CacheSize = 0 },
            "cache" => Sound with { CacheSize = 1000 },
            "memory" => Sound with { LimitMemory = 1000 },
            "option" => Sound with { Options = Option("--port") },
            "wsrep" => Sound with { Options = Option("wsrep_cluster_address") },
            "loose wsrep" => Sound with { Options = Option("loose_wsrep_on") },
            "datadir" => Sound with { Options = Option("datadir") },
            "user" => Sound with { User = "app" },
            "database" => Sound with { Database = "shop" },
            "quote" => Sound with { Database = "shop", User = "app'" },
            "secret" => Sound with { RootSecret = "a b" },
            "arbitrator global" => Sound with { Arbitrator = "c", Layout = GaleraLayout.Global },
            "own image, tls" => Sound with { ImageBootstraps = true, Tls = true },
            "own image, arbitrator" => Sound with { ImageBootstraps = true, Arbitrator = "c" },
            _ => Sound with { Arbitrator = "c", Regions = ["a", "b", "c"] },
        };

    private static Dictionary<string, string> Option(string name) => new() { [name] = "1" };
}
