using SwarmOps.Galera.Repair;

namespace SwarmOps.Tests.Unit.Galera;

public sealed class RepairDecisionTests
{
    private const string One = "af1d7974-e922-11f1-907b-1e0f74593d50";
    private const string Other = "11111111-e922-11f1-907b-1e0f74593d50";

    private static readonly RepairChoice NoChoice = new(null, null, false);

    [Fact]
    public void The_furthest_begins()
    {
        var decision = Decide(At("a", 10), At("b", 12), At("c", 11));

        Assert.Equal(("b", "the highest seqno"), (decision.Chosen.Node, decision.Reason));
        Assert.Empty(decision.Losses);
        Assert.False(decision.IsNewHistory);
        Assert.Equal(
            $"Bootstrap from b: {One}:12 (the highest seqno); positions: a: {One}:10; b: {One}:12; c: {One}:11",
            decision.ToString()
        );
    }

    [Fact]
    public void The_last_to_leave_begins_among_equals() =>
        Assert.Equal("c", Decide(At("a", 10), At("b", 10), At("c", 10, safe: true)).Chosen.Node);

    [Fact]
    public void Among_equals_the_first_segment_begins() =>
        Assert.Equal("a", Decide(At("c", 10, segment: 2), At("a", 10), At("b", 10, segment: 1)).Chosen.Node);

    [Fact]
    public void More_data_outweighs_a_flag_that_says_to_have_left_last() =>
        Assert.Equal("b", Decide(At("a", 10, safe: true), At("b", 12), At("c", 11)).Chosen.Node);

    [Fact]
    public void A_node_without_data_is_known_and_never_begins() =>
        Assert.Equal("b", Decide(Empty("a"), At("b", 0), Empty("c")).Chosen.Node);

    [Fact]
    public void Nothing_is_decided_while_one_is_unknown()
    {
        var error = Assert.Throws<SwarmOpsException>(() => Decide(At("a", 10), At("b", 12), Unknown("c")));

        Assert.Equal("GaleraPositionUnknown", error.ErrorId);
        Assert.Contains("c: unknown (gone)", error.Message, StringComparison.Ordinal);
        Assert.Contains($"b: {One}:12", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Force_goes_on_and_names_what_may_be_lost()
    {
        var decision = RepairDecision.Make("galera", [At("a", 10), At("b", 12), Unknown("c")], new RepairChoice(null, "a", true));

        Assert.Equal("a", decision.Chosen.Node);
        Assert.Equal(["transactions that only c committed after 10 (gone)", "transactions 11 to 12 of b"], decision.Losses);
        Assert.True(decision.IsNewHistory);
    }

    [Fact]
    public void A_node_that_is_behind_is_not_taken_without_force() =>
        Assert.Equal("GaleraNodeBehind", Refused(new RepairChoice(null, "a", false), At("a", 10), At("b", 12)));

    [Fact]
    public void Where_there_is_nothing_nothing_begins() => Assert.Equal("GaleraNothingToKeep", Refused(NoChoice, Empty("a"), Empty("b")));

    [Fact]
    public void Different_histories_need_a_choice_and_the_others_are_moved_aside()
    {
        var positions = new[] { At("a", 10), At("b", 99, Other), At("c", 9) };

        Assert.Equal("GaleraHistoriesDiffer", Refused(NoChoice, positions));
        Assert.Equal("GaleraHistoryUnknown", Refused(new RepairChoice("22222222-e922-11f1-907b-1e0f74593d50", null, false), positions));
        var kept = RepairDecision.Make("galera", positions, new RepairChoice(One.ToUpperInvariant(), null, false));
        Assert.Equal(("a", "b"), (kept.Chosen.Node, Assert.Single(kept.Aside).Node));
        Assert.Equal("b", RepairDecision.Make("galera", positions, new RepairChoice(null, "b", false)).Chosen.Node);
        Assert.Equal("GaleraHistoryUnknown", Refused(new RepairChoice(null, "d", false), positions));
    }

    private static RepairDecision Decide(params NodePosition[] positions) => RepairDecision.Make("galera", positions, NoChoice);

    private static string Refused(RepairChoice choice, params NodePosition[] positions) =>
        Assert.Throws<SwarmOpsException>(() => RepairDecision.Make("galera", positions, choice)).ErrorId;

    private static NodePosition At(string node, long seqno, string uuid = One, bool safe = false, int segment = 0) =>
        new()
        {
            Node = node,
            Uuid = uuid,
            Seqno = seqno,
            SafeToBootstrap = safe,
            Segment = segment,
        };

    private static NodePosition Empty(string node) => new() { Node = node };

    private static NodePosition Unknown(string node) => new() { Node = node, Unknown = "gone" };
}
