using SwarmOps.Galera;

namespace SwarmOps.Tests.Unit.Galera;

/// <summary>Which hosts are recorded to hold the data of a cluster.</summary>
public sealed class HolderRecordTests
{
    private const string Now = "af1d7974-e922-11f1-907b-1e0f74593d50",
        Before = "00000000-e922-11f1-907b-1e0f74593d50";

    [Fact]
    public void Those_that_report_the_history_hold_it() =>
        Assert.Equal("a,b", Holders([("b", Now), ("a", Now), ("c", null), ("d", Before)]));

    [Fact]
    public void One_that_was_recorded_and_does_not_answer_now_still_holds_it() =>
        Assert.Equal("a,c", Holders([("a", Now), ("c", null)], Now, "a,c"));

    [Fact]
    public void A_record_of_another_history_says_nothing() => Assert.Equal("a", Holders([("a", Now), ("c", null)], Before, "a,c"));

    [Fact]
    public void One_that_is_no_node_any_more_is_forgotten() => Assert.Equal("a", Holders([("a", Now)], Now, "a,gone"));

    private static string Holders((string Node, string? Uuid)[] nodes, string history = "", string holders = "") =>
        HolderRecord.Holders(
            new GaleraCluster
            {
                GaleraNodes =
                [
                    .. nodes.Select(node => new GaleraNode
                    {
                        Node = node.Node,
                        Service = "galera",
                        Uuid = node.Uuid,
                    }),
                    new GaleraNode
                    {
                        Node = "arbitrator",
                        Service = "galera",
                        IsArbitrator = true,
                        Uuid = Now,
                    },
                ],
            },
            "galera",
            Now,
            new Dictionary<string, string> { [GaleraNames.HistoryLabel] = history, [GaleraNames.HoldersLabel] = holders }
        );
}
