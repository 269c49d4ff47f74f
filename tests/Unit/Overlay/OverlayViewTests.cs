namespace SwarmOps.Tests.Unit.Overlay;

/// <summary>How paths are drawn: all paths of a test as a matrix, a selection of them as lines.</summary>
public sealed class OverlayViewTests
{
    [Fact]
    public void All_ways_are_one_matrix_of_senders_and_receivers()
    {
        var paths = SwarmOverlayProof.Bind(Ways([("a", "eu"), ("b", "eu"), ("us-1", "us")]));

        Assert.Equal(
            [
                "Overlay net: 6 of 6 paths work, round trips 0.5 to 80.5 ms", "",
                "from \\ to  a (eu)  b (eu)  us-1",
                "a (eu)          -     0.5  80.5",
                "b (eu)        0.5       -  80.5",
                "us-1         80.5    80.5     -",
            ],
            Heading(paths[0]));
        Assert.All(paths, path => Assert.Equal(" ", SwarmOverlayView.Entry(path, false)));
    }

    [Fact]
    public void What_fails_is_marked_and_the_marks_are_explained()
    {
        var ways = Ways([("a", "eu"), ("b", "eu"), ("us-1", "us")])
            .Select(way => way.To == "us-1" ? way with { Cause = SwarmOverlayCause.MtuTooLarge, Result = FindingResult.Fail } : way.From == "us-1" ? way with { Cause = SwarmOverlayCause.PacketLoss, Result = FindingResult.Warning } : way);

        var text = Heading(SwarmOverlayProof.Bind(ways)[0]);

        Assert.Equal(["a (eu)          -     0.5   MTU", "b (eu)        0.5       -   MTU", "us-1         loss    loss     -", "", "MTU: MtuTooLarge on 2 paths", "loss: PacketLoss on 2 paths"], text.Skip(3));
    }

    [Fact]
    public void A_large_matrix_has_numbers_and_marks_and_fits_a_terminal()
    {
        var ways = Ways([.. Enumerable.Range(1, 30).Select(number => ($"eu-central-1-{number:00}", "eu-central-1"))])
            .Select(way => way.To == "eu-central-1-30" ? way with { Cause = SwarmOverlayCause.Protocol50Blocked, Result = FindingResult.Fail } : way);

        var text = Heading(SwarmOverlayProof.Bind(ways)[0]);

        Assert.Equal(30 + 3 + 2, text.Length);
        Assert.All(text, line => Assert.True(line.Length <= 120, line));
        Assert.Equal(" 1 eu-central-1-01 -" + string.Concat(Enumerable.Repeat(" .", 8)) + string.Concat(Enumerable.Repeat("  .", 20)) + "  E", text[3]);
        Assert.EndsWith("E: Protocol50Blocked on 29 paths", text[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_are_for_hosts_that_have_them()
    {
        var paths = SwarmOverlayProof.Bind(Ways([("a", null), ("b", null)]).Select(way => way.From == "b" ? way with { Cause = SwarmOverlayCause.StaleName, Result = FindingResult.Fail } : way));

        Assert.Contains("\u001b[32m 0.5", SwarmOverlayView.Heading(paths[0], true).Replace(" \u001b[32m", "\u001b[32m ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\u001b[31mname\u001b[0m: StaleName", SwarmOverlayView.Heading(paths[0], true), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', SwarmOverlayView.Heading(paths[0], false));
    }

    [Fact]
    public void What_was_picked_is_a_line_each()
    {
        var ways = Ways([("a", "eu"), ("b", "eu"), ("us-1", "us")]).Select(way => way.From == "a" && way.To == "b" ? way with { Cause = SwarmOverlayCause.StaleName, Result = FindingResult.Fail } : way);
        var paths = SwarmOverlayProof.Bind(ways);

        // A sound way comes first, so what fails is never taken for the beginning of all.
        Assert.Equal("a -> us-1: Pass", paths[0].ToString());
        var failed = Assert.Single(paths, path => path.Result == FindingResult.Fail);
        Assert.Equal(["Overlay: net"], Heading(failed));
        Assert.Equal("a (eu) -> b (eu)  Fail         0.5 ms    0 % lost  1450/1450 StaleName", SwarmOverlayView.Entry(failed, false));
        Assert.StartsWith("us-1   -> b (eu)  Pass ", SwarmOverlayView.Entry(paths[^1], false), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gap_ends_the_matrix_and_the_next_drawing_begins_anew()
    {
        var paths = SwarmOverlayProof.Bind(Ways([("a", null), ("b", null)]));

        Assert.Equal(4, Heading(paths[0]).Length - 1);
        Assert.Equal(" ", SwarmOverlayView.Entry(paths[0], false));
        Assert.NotEqual(" ", SwarmOverlayView.Entry(paths[0], false));
        Assert.Equal(4, Heading(paths[0]).Length - 1);
        Assert.All(paths, path => Assert.Equal(" ", SwarmOverlayView.Entry(path, false)));
    }

    [Fact]
    public void A_way_alone_and_nothing_are_drawn_too()
    {
        var way = Ways([("a", null), ("b", null)]).First() with { Latency = null, Loss = 1, LargestPacket = 0, Result = FindingResult.Fail, Cause = SwarmOverlayCause.HostCutOff };

        Assert.Equal("net", SwarmOverlayView.Group(way));
        Assert.Equal("a -> b  Fail      no answer  100 % lost     0/1450 HostCutOff", SwarmOverlayView.Entry(way, false));
        Assert.Equal("", SwarmOverlayView.Entry(null!, false) + SwarmOverlayView.Heading(null!, false) + SwarmOverlayView.Group(null!));
    }

    private static string[] Heading(SwarmOverlayPath first) => SwarmOverlayView.Heading(first, false).Split('\n');

    private static IEnumerable<SwarmOverlayPath> Ways((string Name, string? Region)[] nodes) =>
        from one in nodes
        from other in nodes
        where one != other
        select new SwarmOverlayPath
        {
            Overlay = "net", From = one.Name, FromRegion = one.Region, To = other.Name, ToRegion = other.Region, Result = FindingResult.Pass,
            Latency = one.Region == other.Region ? 0.5 : 80.5, Loss = 0, Udp = true, Tcp = true, NameResolves = true, Mtu = 1450, LargestPacket = 1450,
        };
}
