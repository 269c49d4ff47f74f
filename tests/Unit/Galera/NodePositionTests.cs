using SwarmOps.Galera.Repair;

namespace SwarmOps.Tests.Unit.Galera;

public sealed class NodePositionTests
{
    private const string One = "af1d7974-e922-11f1-907b-1e0f74593d50";
    private const string Other = "11111111-e922-11f1-907b-1e0f74593d50";
    private const string Killed =
        "exists\tyes\nfiles\t150\ngrastate\t# GALERA saved state|version: 2.1|uuid:    af1d7974-e922-11f1-907b-1e0f74593d50|seqno:   -1|safe_to_bootstrap: 0|\n"
        + "gvwstate\tmy_uuid: af1cf854-e922-11f1-9427-de0f74593d50|#vwbeg|view_id: 3 af1cf854-e922-11f1-9427-de0f74593d50 3|bootstrap: 0|member: af1cf854-e922-11f1-9427-de0f74593d50 0|member: b1e7cc23-e922-11f1-ab74-de0f74593d50 1|#vwend|\n";

    private const string Stopped =
        "exists\tyes\nfiles\t150\nmarker\tyes\ngrastate\t# GALERA saved state|version: 2.1|uuid:    af1d7974-e922-11f1-907b-1e0f74593d50|seqno:   42|safe_to_bootstrap: 1|\n";
    private const string CutOff =
        "exists\tyes\nfiles\t12\ngrastate\t# GALERA saved state|version: 2.1|uuid:    00000000-0000-0000-0000-000000000000|seqno:   -1|safe_to_bootstrap: 0|\n";

    [Fact]
    public void Reads_what_Galera_leaves_on_a_disk()
    {
        Assert.Equal(new DiskState(true, 150, false, One, null, false, 2), DiskState.Parse(Killed));
        Assert.Equal(new DiskState(true, 150, true, One, 42, true, 0), DiskState.Parse(Stopped));
        Assert.Equal(new DiskState(true, 12, false, null, null, false, 0), DiskState.Parse(CutOff));
        Assert.Equal(new DiskState(false, 0, false, null, null, false, 0), DiskState.Parse(""));
    }

    [Fact]
    public void What_a_node_says_comes_before_its_disk()
    {
        var waiting = NodePosition.Of(
            new GaleraNode
            {
                Node = "a",
                State = "Waiting",
                Uuid = One,
                Seqno = 57,
                Segment = 2,
            },
            DiskState.Parse(Killed),
            null
        );

        Assert.Equal((One, 57, 2, true), (waiting.Uuid, waiting.Seqno, waiting.Segment, waiting.Holds));
        Assert.Equal($"a: {One}:57", waiting.ToString());
    }

    [Fact]
    public void A_disk_is_enough_where_the_server_ended_in_order()
    {
        var stopped = NodePosition.Of(new GaleraNode { Node = "a", State = "NotRunning" }, DiskState.Parse(Stopped), null);

        Assert.Equal($"a: {One}:42 (safe_to_bootstrap: 1)", stopped.ToString());
    }

    [Fact]
    public void A_disk_is_not_enough_after_a_crash()
    {
        var killed = NodePosition.Of(
            new GaleraNode
            {
                Node = "a",
                State = "NotRunning",
                Error = "no such image",
            },
            DiskState.Parse(Killed),
            null
        );

        Assert.False(killed.Holds);
        Assert.Contains("its position was not recovered (no such image)", killed.Unknown, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_node_that_waits_it_is_not_said_that_its_container_does_not_run()
    {
        var waiting = NodePosition.Of(new GaleraNode { Node = "a", State = "Waiting" }, DiskState.Parse(Killed), null);

        Assert.Equal("its shutdown was not clean, and its container could not recover its position", waiting.Unknown);
    }

    [Fact]
    public void Files_without_a_history_are_not_nothing() =>
        Assert.NotNull(NodePosition.Of(new GaleraNode { Node = "a" }, DiskState.Parse(CutOff), null).Unknown);

    [Fact]
    public void A_disk_that_is_empty_is_known()
    {
        var empty = NodePosition.Of(new GaleraNode { Node = "a" }, DiskState.Parse("exists\tyes\nfiles\t0\n"), null);

        Assert.Equal((null, false, "a: no data"), (empty.Unknown, empty.Holds, empty.ToString()));
    }

    [Fact]
    public void A_server_that_runs_and_does_not_say_how_it_is_has_no_position_whatever_its_disk_says()
    {
        var silent = NodePosition.Of(
            new GaleraNode
            {
                Node = "a",
                IsSilent = true,
                Error = "ERROR 1045 (28000): Access denied",
            },
            DiskState.Parse(Stopped),
            null
        );

        Assert.Contains("does not report its state (ERROR 1045", silent.Unknown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_recovers_is_not_known_yet() =>
        Assert.Equal(
            "it is still recovering its position",
            NodePosition.Of(new GaleraNode { Node = "a", State = "Recovering" }, DiskState.Parse(Killed), null).Unknown
        );

    [Theory]
    [InlineData("position=" + One + ":311", 311L)]
    [InlineData("position=", null)]
    [InlineData("2026-01-01 [Note] [SwarmOps]: the image lacks gosu", null)]
    [InlineData("position=00000000-0000-0000-0000-000000000000:-1", null)]
    public void Reads_what_a_recovery_says(string line, long? seqno) => Assert.Equal(seqno, PositionRecovery.Parse(line)?.Seqno);

    [Theory]
    [InlineData(null, "Primary", "it was in a Primary Component without a state UUID")]
    [InlineData(Other, "Primary", $"its data has another state UUID ({Other})")]
    [InlineData(One, "Primary", null)]
    public void A_server_in_a_Primary_component_of_its_own_is_set_aside_unless_it_has_the_same_history(
        string? uuid,
        string status,
        string? why
    ) => Assert.Equal(why, NodeRejoin.WhyAside(new GaleraNode { ClusterStatus = status, Uuid = uuid }, DiskState.Parse(Stopped), One));

    [Fact]
    public void A_disk_of_another_history_is_set_aside() =>
        Assert.NotNull(NodeRejoin.WhyAside(new GaleraNode { State = "Waiting" }, DiskState.Parse(Stopped), Other));

    [Fact]
    public void The_empty_disk_of_a_former_member_is_unknown_unless_it_says_where_its_data_went()
    {
        var node = new GaleraNode { Node = "a", HeldHistory = One };

        Assert.Contains(One, NodePosition.Of(node, DiskState.Parse("exists\tyes\nfiles\t0\n"), null).Unknown, StringComparison.Ordinal);
        Assert.NotNull(NodePosition.Of(node, DiskState.Parse(""), null).Unknown);
        Assert.Null(
            NodePosition.Of(node, DiskState.Parse("exists\tyes\nfiles\t0\nemptied\t/srv/mysql.aside-20200101T000000Z\n"), null).Unknown
        );
    }

    [Fact]
    public void What_a_container_does_not_see_and_what_is_half_moved_is_unknown()
    {
        var node = new GaleraNode
        {
            Node = "a",
            State = "Waiting",
            Uuid = One,
            Seqno = 57,
            DirectoryId = "2049:7",
        };

        Assert.NotNull(NodePosition.Of(node, DiskState.Parse(Stopped + "identity\t2050:2\n"), null).Unknown);
        Assert.Equal(57, NodePosition.Of(node, DiskState.Parse(Stopped + "identity\t2049:7\n"), null).Seqno);
        var moving = NodePosition.Of(node, DiskState.Parse(Stopped + "moving\tyes\n"), null);
        Assert.NotNull(moving.Unknown);
        Assert.True(moving.IsMoving);
    }

    [Fact]
    public void A_disk_that_was_not_read_is_unknown() =>
        Assert.Equal(
            "no route",
            NodePosition
                .Of(
                    new GaleraNode
                    {
                        Node = "a",
                        Uuid = One,
                        Seqno = 5,
                    },
                    null,
                    "no route"
                )
                .Unknown
        );
}
