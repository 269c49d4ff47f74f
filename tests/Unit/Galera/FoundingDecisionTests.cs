using SwarmOps.Galera.Formation;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Tests.Unit.Galera;

/// <summary>Who may found a cluster: one, and only beside empty directories.</summary>
public sealed class FoundingDecisionTests
{
    private const string Uuid = "11111111-2222-3333-4444-555555555555";

    private static readonly GaleraRequest Request = new()
    {
        Name = "galera",
        Overlay = "internal",
        Image = "mariadb:10.11",
    };

    [Fact]
    public void With_every_directory_empty_the_first_founds() => Assert.Equal("n0", Decide([Empty(0), Empty(1), Empty(2)])?.Node.Name);

    [Fact]
    public void The_one_that_was_told_to_found_goes_on_founding() =>
        Assert.Equal("n1", Decide([Empty(0), Empty(1) with { HasMarker = true, Files = 200, Uuid = Uuid }, Empty(2)])?.Node.Name);

    [Fact]
    public void Beside_a_running_cluster_nobody_founds() => Assert.Null(Decide([Held(0), Held(1), Empty(2)], Running(0, 1)));

    [Theory]
    [InlineData("data without a cluster", "GaleraDataPresent")]
    [InlineData("data beside a marker", "GaleraDataPresent")]
    [InlineData("two markers", "GaleraMarkerTwice")]
    [InlineData("a file", "GaleraDirectoryUnfit")]
    [InlineData("foreign data", "GaleraForeignData")]
    [InlineData("split", "GaleraSplit")]
    [InlineData("no mount", "GaleraMountMissing")]
    [InlineData("former members", "GaleraDataMissing")]
    public void All_else_stops_with_its_own_error(string what, string errorId)
    {
        var marked = Empty(0) with { HasMarker = true };
        var (directories, present) = what switch
        {
            "data without a cluster" => ([Empty(0), Held(1), Empty(2)], null),
            "data beside a marker" => ([marked, Held(1), Empty(2)], null),
            "two markers" => ([marked, Empty(1) with { HasMarker = true }, Empty(2)], null),
            "a file" => ([Empty(0), Empty(1) with { Trouble = "it is not a directory" }, Empty(2)], null),
            "no mount" => ([Empty(0), Empty(1) with { Unmounted = "/srv/mysql, which /etc/fstab names" }, Empty(2)], null),
            "former members" => ([Empty(0), Empty(1), Empty(2)], Down()),
            "foreign data" => ((DataDirectory[])[Held(0), Held(1), Held(2)], Running(0, 1)),
            _ => ([Held(0), Held(1), Held(2)], Running(0, 1, 2) with { Status = GaleraStatus.Split }),
        };
        var error = Assert.Throws<SwarmOpsException>(() => Decide(directories, present));
        Assert.Equal(errorId, error.ErrorId);
        if (errorId == "GaleraDataPresent")
            Assert.Contains("n1 has 200 files of the state UUID " + Uuid, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_on_a_host_that_would_get_no_database_stops_it_too()
    {
        var error = Assert.Throws<SwarmOpsException>(() =>
            FoundingDecision.Make(Request, [Empty(0), Empty(1), Empty(2)], null, [Empty(3), Held(4)])
        );

        Assert.Equal("GaleraDataPresent", error.ErrorId);
        Assert.Contains("n4 has 200 files", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_does_not_say_how_it_is_stops_it()
    {
        var present = Running(0, 1) with { GaleraNodes = [new GaleraNode { Node = "n0", IsSilent = true }] };

        Assert.Equal(
            "GaleraStatusUnknown",
            Assert.Throws<SwarmOpsException>(() => Decide([Empty(0), Empty(1), Empty(2)], present)).ErrorId
        );
    }

    [Fact]
    public void Hosts_of_a_cluster_are_known_by_label_constraint_and_earlier_tasks()
    {
        var service = new ServiceState(
            System.Text.Json.Nodes.JsonNode.Parse(
                """
                { "ID": "s1", "Spec": { "Name": "galera-r1", "Labels": { "swarmops.galera.node": "old1" }, "Mode": { "Replicated": { "Replicas": 1 } },
                  "TaskTemplate": { "Placement": { "Constraints": ["node.id == id2"] } } } }
                """
            )!
        );
        var task = new TaskState(System.Text.Json.Nodes.JsonNode.Parse("""{ "ID": "t", "ServiceID": "s1", "NodeID": "gone" }""")!);

        Assert.Equal(
            ["old1", "two", "gone"],
            GaleraHosts.Of([service], [task], new Dictionary<string, SwarmPlace> { ["id2"] = new("two", "r2") })
        );
    }

    [Fact]
    public void Hosts_that_may_hold_a_cluster_are_those_of_the_set_and_the_members_that_do_not_answer()
    {
        var wanted = Request with { Regions = ["r1"] };
        SwarmNode[] set = [new() { Name = "a", Region = "r1" }, new() { Name = "b", Region = "r2" }];

        Assert.Equal(
            ["a", "down"],
            GaleraHosts.Possible(
                wanted,
                set,
                [(new SwarmPlace("down", "r1"), true), (new SwarmPlace("up", "r1"), false), (new SwarmPlace("far", "r2"), true)]
            )
        );
    }

    private static GaleraPlace? Decide(IReadOnlyList<DataDirectory> directories, GaleraCluster? present = null) =>
        FoundingDecision.Make(Request, directories, present).Founder;

    private static DataDirectory Empty(int index) =>
        new(new GaleraPlace(new SwarmNode { Name = $"n{index}" }, $"r{index}", index, $"galera-r{index}"), 0, true, false, "", null);

    private static DataDirectory Held(int index) => Empty(index) with { Files = 200, Uuid = Uuid };

    private static GaleraCluster Down() =>
        Running(0, 1, 2) with
        {
            Status = GaleraStatus.Down,
            GaleraNodes =
            [
                .. Enumerable
                    .Range(0, 3)
                    .Select(index => new GaleraNode
                    {
                        Node = $"n{index}",
                        State = "Waiting",
                        HeldHistory = Uuid,
                    }),
            ],
        };

    private static GaleraCluster Running(params int[] nodes) =>
        new()
        {
            Name = "galera",
            Uuid = Uuid,
            Status = GaleraStatus.Degraded,
            GaleraNodes =
            [
                .. nodes.Select(index => new GaleraNode
                {
                    Node = $"n{index}",
                    State = "Synced",
                    ClusterStatus = "Primary",
                    Uuid = Uuid,
                }),
            ],
        };
}
