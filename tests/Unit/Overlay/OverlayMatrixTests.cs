using System.Management.Automation;
using System.Management.Automation.Runspaces;
using SwarmOps.Overlay;
using SwarmOps.Overlay.Proof;

namespace SwarmOps.Tests.Unit.Overlay;

/// <summary>The matrix of senders and receivers: its rows, its counts, and how it is drawn.</summary>
public sealed class OverlayMatrixTests
{
    [Fact]
    public void It_has_a_row_per_sender_and_a_column_per_receiver_in_the_order_of_the_paths()
    {
        var matrix = new SwarmOverlayMatrix([.. Paths([("us-1", "us"), ("a", "eu"), ("b", "eu")])]);

        Assert.Equal("net", matrix.Overlay);
        Assert.Equal(["us-1", "a", "b"], matrix.Nodes);
        Assert.All(matrix.Rows, row => Assert.Equal(["From", "us-1", "a", "b"], row.Properties.Select(property => property.Name)));
        Assert.Equal(
            [
                ["us-1", null, 80.5, 80.5],
                ["a", 80.5, null, 0.5],
                ["b", 80.5, 0.5, null],
            ],
            matrix.Rows.Select(Values)
        );
        Assert.Equal((6, 6, 0, 0, 0), (matrix.PathCount, matrix.PassCount, matrix.WarningCount, matrix.FailCount, matrix.NotTestedCount));
        Assert.Equal((0.5, 80.5), (matrix.MinimumLatency, matrix.MaximumLatency));
        Assert.Equal("Overlay net: 6 of 6 paths work, round trips 0.5 to 80.5 ms", matrix.ToString());
    }

    [Fact]
    public void A_cell_of_a_path_with_a_problem_is_its_cause_and_each_result_is_counted()
    {
        var matrix = new SwarmOverlayMatrix([
            .. Paths([("a", null), ("b", null), ("c", null)])
                .Select(path =>
                    (path.From, path.To) switch
                    {
                        (_, "c") or ("c", _) => path with
                        {
                            Cause = SwarmOverlayCause.NotTested,
                            Result = FindingResult.NotTested,
                            Latency = null,
                        },
                        ("a", _) => path with { Cause = SwarmOverlayCause.PacketLoss, Result = FindingResult.Warning },
                        _ => path with { Cause = SwarmOverlayCause.StaleName, Result = FindingResult.Fail },
                    }
                ),
        ]);

        Assert.Equal(["a", null, SwarmOverlayCause.PacketLoss, SwarmOverlayCause.NotTested], Values(matrix.Rows[0]));
        Assert.Equal((6, 0, 1, 1, 4), (matrix.PathCount, matrix.PassCount, matrix.WarningCount, matrix.FailCount, matrix.NotTestedCount));
        Assert.Equal("Overlay net: 0 of 6 paths work, 4 not tested, round trips 0.5 to 0.5 ms", matrix.ToString());
    }

    [Fact]
    public void Where_no_packet_was_answered_there_is_no_latency()
    {
        var matrix = new SwarmOverlayMatrix([
            .. Paths([("a", null), ("b", null)])
                .Select(path => path with { Cause = SwarmOverlayCause.HostCutOff, Result = FindingResult.Fail, Latency = null }),
        ]);

        Assert.Null(matrix.MinimumLatency);
        Assert.Null(matrix.MaximumLatency);
        Assert.Equal("Overlay net: 0 of 2 paths work", matrix.ToString());
    }

    [Fact]
    public void A_node_that_is_called_as_the_first_column_has_a_column_of_its_own()
    {
        var matrix = new SwarmOverlayMatrix([.. Paths([("from", null), ("b", null)])]);

        Assert.Equal(["From", "from_", "b"], matrix.Rows[0].Properties.Select(property => property.Name));
        Assert.Equal(
            [
                ["from", null, 0.5],
                ["b", 0.5, null],
            ],
            matrix.Rows.Select(Values)
        );
    }

    [Fact]
    public void Drawn_it_has_the_counts_and_the_regions_that_names_do_not_say() =>
        Assert.Equal(
            [
                "Overlay net: 6 of 6 paths work, round trips 0.5 to 80.5 ms",
                "",
                "from \\ to  a (eu)  b (eu)  us-1",
                "a (eu)          -     0.5  80.5",
                "b (eu)        0.5       -  80.5",
                "us-1         80.5    80.5     -",
            ],
            Draw(Paths([("a", "eu"), ("b", "eu"), ("us-1", "us")]))
        );

    [Fact]
    public void What_fails_is_marked_and_the_marks_are_explained()
    {
        var paths = Paths([("a", "eu"), ("b", "eu"), ("us-1", "us")])
            .Select(path =>
                path.To == "us-1" ? path with { Cause = SwarmOverlayCause.MtuTooLarge, Result = FindingResult.Fail }
                : path.From == "us-1" ? path with { Cause = SwarmOverlayCause.PacketLoss, Result = FindingResult.Warning }
                : path
            );

        Assert.Equal(
            [
                "a (eu)          -     0.5   MTU",
                "b (eu)        0.5       -   MTU",
                "us-1         loss    loss     -",
                "",
                "MTU: MtuTooLarge on 2 paths",
                "loss: PacketLoss on 2 paths",
            ],
            Draw(paths).Skip(3)
        );
    }

    [Fact]
    public void A_large_matrix_has_numbers_and_marks_and_fits_a_terminal()
    {
        var text = Draw(
            Paths([.. Enumerable.Range(1, 30).Select(number => ($"eu-central-1-{number:00}", (string?)"eu-central-1"))])
                .Select(path =>
                    path.To == "eu-central-1-30"
                        ? path with
                        {
                            Cause = SwarmOverlayCause.Protocol50Blocked,
                            Result = FindingResult.Fail,
                        }
                        : path
                )
        );

        Assert.Equal(30 + 3 + 2, text.Length);
        Assert.All(text, line => Assert.True(line.Length <= 120, line));
        Assert.Equal(
            " 1 eu-central-1-01 -" + string.Concat(Enumerable.Repeat(" .", 8)) + string.Concat(Enumerable.Repeat("  .", 20)) + "  E",
            text[3]
        );
        Assert.EndsWith("E: Protocol50Blocked on 29 paths", text[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Colors_are_for_hosts_that_have_them()
    {
        var matrix = new SwarmOverlayMatrix([
            .. Paths([("a", null), ("b", null)])
                .Select(path => path.From == "b" ? path with { Cause = SwarmOverlayCause.StaleName, Result = FindingResult.Fail } : path),
        ]);

        Assert.Contains("\u001b[32m0.5\u001b[0m", matrix.Draw(true), StringComparison.Ordinal);
        Assert.Contains("\u001b[31mname\u001b[0m: StaleName", matrix.Draw(true), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', matrix.Draw(false));
    }

    [Fact]
    public void Quiet_and_Matrix_exclude_each_other_before_anything_is_asked()
    {
        var state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Test-SwarmOverlay", typeof(TestSwarmOverlayCommand), null));
        using var shell = PowerShell.Create(state);
        shell
            .AddCommand("Test-SwarmOverlay")
            .AddParameter("Node", new SwarmNode { Name = "silent", DockerHost = "unix:///nonexistent/docker.sock" })
            .AddParameter("Name", "net")
            .AddParameter("Quiet")
            .AddParameter("Matrix");

        var error = Assert.ThrowsAny<RuntimeException>(() => shell.Invoke()).ErrorRecord;

        Assert.StartsWith(nameof(OverlayErrors.QuietMatrix) + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
    }

    private static string[] Draw(IEnumerable<SwarmOverlayPath> paths) => new SwarmOverlayMatrix([.. paths]).Draw(false).Split('\n');

    private static object?[] Values(PSObject row) => [.. row.Properties.Select(property => property.Value)];

    private static IEnumerable<SwarmOverlayPath> Paths((string Name, string? Region)[] nodes) =>
        from one in nodes
        from other in nodes
        where one != other
        select new SwarmOverlayPath
        {
            Overlay = "net",
            From = one.Name,
            FromRegion = one.Region,
            To = other.Name,
            ToRegion = other.Region,
            Result = FindingResult.Pass,
            Latency = one.Region == other.Region ? 0.5 : 80.5,
            Loss = 0,
            Udp = true,
            Tcp = true,
            NameResolves = true,
            Mtu = 1450,
            LargestPacket = 1450,
        };
}
