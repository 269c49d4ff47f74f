using SwarmOps.Galera.State;

namespace SwarmOps.Tests.Unit.Galera;

/// <summary>Which nodes are together in a Primary component, by what each of them counts.</summary>
public sealed class GaleraComponentsTests
{
    private const string One = "af1d7974-e922-11f1-907b-1e0f74593d50";

    [Fact]
    public void Nodes_that_count_each_other_are_one_component() =>
        Assert.Single(
            GaleraComponents.Of([Node("a", "1", 5, "1", "2", "3"), Node("b", "2", 5, "1", "2", "3"), Node("c", "3", 5, "1", "2", "3")])
        );

    [Fact]
    public void One_history_in_two_components_is_a_split_that_names_both()
    {
        GaleraNode[] nodes = [Node("a", "1", 7, "1", "2"), Node("b", "2", 7, "1", "2"), Node("c", "3", 7, "3")];

        Assert.Equal(["a b", "c"], GaleraComponents.Of(nodes).Select(component => string.Join(' ', component.Select(node => node.Node))));
        Assert.Equal(GaleraStatus.Split, GaleraFindings.Status(nodes, 3));
        Assert.Contains(
            GaleraFindings.List(nodes, 3),
            finding =>
                finding.StartsWith("split: ", StringComparison.Ordinal)
                && finding.Contains("c: size 1", StringComparison.Ordinal)
                && finding.Contains("-From", StringComparison.Ordinal)
        );
    }

    // They are asked one after the other, and one has left or come in between.
    [Fact]
    public void A_view_that_changes_while_they_are_asked_is_no_split() =>
        Assert.Single(
            GaleraComponents.Of([Node("a", "1", 7, "1", "2", "3"), Node("b", "2", 6, "1", "2"), Node("c", "3", 7, "1", "2", "3")])
        );

    [Fact]
    public void Where_addresses_say_nothing_only_impossible_sizes_are_a_split()
    {
        GaleraNode Bare(string name, int size, long view) => Node(name, name, view) with { ClusterSize = size };

        Assert.Single(GaleraComponents.Of([Bare("a", 3, 7), Bare("b", 3, 7), Bare("c", 2, 6)]));
        Assert.Equal(2, GaleraComponents.Of([Bare("a", 2, 7), Bare("b", 2, 7), Bare("c", 1, 9)]).Count);
    }

    [Fact]
    public void Nodes_outside_a_primary_component_are_in_none() =>
        Assert.Empty(GaleraComponents.Of([Node("a", "1", 7, "1") with { ClusterStatus = "non-Primary" }, new GaleraNode { Node = "b" }]));

    [Fact]
    public void A_report_names_the_members_and_a_state_transfer()
    {
        var node = GaleraReport
            .Parse(
                "phase\tstarting\nwsrep_incoming_addresses\t10.0.1.8:0,10.0.1.4:3306,\nwsrep_cluster_conf_id\t6\ntransfer\tpreparing\ntransfer_work\t88\nsize_kb\t500\nsql_error\tERROR 2002 (HY000)"
            )
            .Describe(new GaleraNode { Node = "b" });

        Assert.Equal(["10.0.1.8", "10.0.1.4"], node.MemberAddresses);
        Assert.Equal((6, "preparing", 88, "Joining"), (node.ConfigurationId, node.StateTransfer, node.TransferWork, node.State));
        Assert.Contains(
            GaleraFindings.List([node, Node("a", "1", 7, "1") with { DataKilobytes = 1000, State = "Donor/Desynced" }], 3),
            finding => finding.Contains("50", StringComparison.Ordinal) && finding.Contains("preparing", StringComparison.Ordinal)
        );
    }

    private static GaleraNode Node(string name, string address, long view, params string[] members) =>
        new()
        {
            Node = name,
            Address = address,
            State = "Synced",
            ClusterStatus = "Primary",
            Uuid = One,
            ClusterSize = members.Length,
            ConfigurationId = view,
            MemberAddresses = members,
            Seqno = 9,
        };
}
