using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using SwarmOps.Insight.Report;

namespace SwarmOps.Tests.Unit.Insight;

/// <summary>The report is one safe file that says what is known, and nothing of what is not.</summary>
public sealed partial class HtmlReportTests
{
    /// <summary>Where to write the pages for a browser: tests/Report/look.</summary>
    private static readonly string? Shown = Environment.GetEnvironmentVariable("SWARMOPS_REPORTS");

    [Fact]
    public void The_page_needs_no_network_and_has_every_part()
    {
        var page = Page(MadeReport.Troubled());

        Assert.DoesNotContain(
            Reference().Matches(page).Select(match => match.Value),
            value => !value.Contains("\"#", StringComparison.Ordinal) && !value.Contains("\"data:,", StringComparison.Ordinal)
        );
        foreach (var part in new[] { "findings", "regions", "nodes", "overlays", "services", "galera", "folders", "zones", "swarm" })
            Assert.Contains($"<section id=\"{part}\">", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_element_that_is_opened_is_closed()
    {
        foreach (var report in new[] { MadeReport.Healthy(), MadeReport.Troubled(), MadeReport.Outage() })
        {
            var body = Page(report);
            body = body[body.IndexOf("<body>", StringComparison.Ordinal)..];
            var open = new Stack<string>();
            foreach (Match tag in Tag().Matches(ScriptText().Replace(body, "")))
            {
                var name = tag.Groups[2].Value;
                if (name is "html" or "br" or "path" or "circle" or "rect" or "meta" or "link")
                    continue;
                if (tag.Groups[1].Length == 0)
                    open.Push(name);
                else
                    Assert.Equal(name, open.Pop());
            }

            Assert.Empty(open);
        }
    }

    [Fact]
    public void Texts_from_the_swarm_are_text()
    {
        const string evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'";
        var report = MadeReport.Troubled();
        var page = Page(
            report with
            {
                Findings = [report.Findings[0] with { Message = evil, Subject = evil }],
                FailedTasks =
                [
                    new SwarmTask
                    {
                        Name = evil,
                        Service = evil,
                        Error = evil,
                    },
                ],
                Services = [report.Services![0] with { Name = evil, Image = evil }],
            }
        );

        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "</script>"));
        Assert.Equal(evil, ReportDigest.Find(page)!.Findings[0].Message);
    }

    [Fact]
    public void What_could_not_be_read_is_unknown_and_not_empty()
    {
        var outage = Page(MadeReport.Outage());
        Assert.DoesNotContain("Nothing needs attention", outage, StringComparison.Ordinal);
        Assert.DoesNotContain("<section id=\"services\">", outage, StringComparison.Ordinal);
        Assert.Contains("could not be read", outage, StringComparison.Ordinal);
        Assert.DoesNotContain("0 of 1", outage, StringComparison.Ordinal);
        Assert.DoesNotContain("not a member", outage, StringComparison.Ordinal);

        var unread = Page(MadeReport.Healthy() with { Services = null, GaleraClusters = null, Overlays = null, Paths = null });
        Assert.Contains("The services could not be read.", unread, StringComparison.Ordinal);
        Assert.Contains("The clusters could not be read.", unread, StringComparison.Ordinal);
        Assert.Contains("The networks could not be read.", unread, StringComparison.Ordinal);
    }

    [Fact]
    public void No_path_of_this_machine_and_no_secret_is_in_it()
    {
        var report = MadeReport.Healthy();
        var page = Page(report) + ReportJson.Of(report);
        Assert.DoesNotContain("keyFilePath", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("credential", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_hundred_nodes_make_a_small_page_at_once()
    {
        var report = MadeReport.Troubled(100);
        Page(report);
        var clock = Stopwatch.StartNew();
        var page = Page(report);

        Assert.InRange(page.Length, 50_000, 1_000_000);
        Assert.InRange(clock.ElapsedMilliseconds, 0, 2000);
    }

    [Fact]
    public void A_later_report_marks_what_changed()
    {
        var before = ReportDigest.Find(Page(MadeReport.Healthy()))!;
        var healthy = MadeReport.Healthy();
        var now = healthy with
        {
            TakenAt = MadeReport.Now.AddHours(1),
            Findings =
            [
                new SwarmFinding
                {
                    Severity = SwarmFindingSeverity.Critical,
                    Area = SwarmFindingArea.Node,
                    Subject = "us-east-1",
                    Check = "NodeDown",
                    Message = "'us-east-1' is Down.",
                },
            ],
            Nodes = [healthy.Nodes[0], healthy.Nodes[1] with { State = SwarmNodeState.Down }],
            Services = [healthy.Services![0] with { Image = "nginx:1.30" }, .. healthy.Services.Skip(1)],
        };

        var changes = ReportChanges.Between(before, ReportDigest.Of(now));

        Assert.Equal("Node/us-east-1/NodeDown/", Assert.Single(changes.NewKeys));
        Assert.Contains(new ReportChange("Node", "us-east-1", "state: Ready \u2192 Down"), changes.Changes);
        Assert.Contains(new ReportChange("Node", "us-west-1", "gone"), changes.Changes);
        Assert.Contains(new ReportChange("Service", "edge", "image: nginx:1.29 \u2192 nginx:1.30"), changes.Changes);
        var page = new HtmlReport(now, new ReportOptions { Changes = changes }).ToString();
        Assert.Contains("<span class=\"tag new\">new</span>", page, StringComparison.Ordinal);

        var back = ReportChanges.Between(ReportDigest.Find(ReportJson.Of(now))!, ReportDigest.Of(healthy));
        Assert.Equal("'us-east-1' is Down.", Assert.Single(back.Resolved).Message);
    }

    [Theory]
    [InlineData("Run Repair-GaleraCluster.", "Run <code>Repair-GaleraCluster</code>.")]
    [InlineData("See Get-SwarmTask -Service web -All, then <b>", "See <code>Get-SwarmTask -Service web -All</code>, then &lt;b&gt;")]
    [InlineData("Open 2377/tcp on 'x'.", "Open 2377/tcp on &#39;x&#39;.")]
    public void Commands_stand_out(string text, string html) => Assert.Equal(html, FindingSection.WithCommands(text).Html);

    [Theory]
    [InlineData("")]
    [InlineData("{ \"a\": 1 }")]
    [InlineData("{ broken")]
    [InlineData("<html><script id=\"swarmops-digest\">{}</script></html>")]
    [InlineData("<html><script id=\"swarmops-digest\">{\"format\":99}</script></html>")]
    public void Something_else_is_no_report(string text) => Assert.Null(ReportDigest.Find(text));

    [Fact]
    public void Places_are_where_the_outline_has_them()
    {
        // Frankfurt, by the same formula in tools/WorldOutline.
        var (x, y) = WorldMap.Project(50.1, 8.7);
        Assert.Equal((1039.8, 138.3), (Math.Round(x, 1), Math.Round(y, 1)));
    }

    [Fact]
    public void A_region_without_a_place_is_listed_beside_the_map()
    {
        var report = MadeReport.Healthy();
        var moved = report with { Nodes = [report.Nodes[0] with { Region = "dc-1" }, .. report.Nodes.Skip(1)] };

        Assert.Contains("Not on the map", Page(moved), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "Not on the map",
            new HtmlReport(
                moved,
                new ReportOptions { Coordinates = new Dictionary<string, (double, double)> { ["dc-1"] = (52.5, 13.4) } }
            ).ToString(),
            StringComparison.Ordinal
        );
    }

    /// <summary>WCAG 2.1, 1.4.3: text has a contrast of 4.5 with what is behind it; 1.4.11: marks have 3.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Colors_have_the_contrast_of_level_AA(bool dark)
    {
        var colors = Colors(dark);
        (string Text, string[] Behind)[] texts =
        [
            ("ink", ["bg", "card", "sunk", "sea"]),
            ("muted", ["bg", "card", "sunk", "sea"]),
            ("accent", ["card", "bg"]),
            ("ok", ["ok-bg"]),
            ("warn", ["warn-bg", "card"]),
            ("bad", ["bad-bg", "card"]),
            ("unknown", ["unknown-bg", "card"]),
            ("info", ["info-bg"]),
            ("heat-ink", ["h0", "h1", "h2", "h3", "h4"]),
            ("card", ["accent"]),
        ];
        Assert.Empty(
            texts
                .SelectMany(text =>
                    text.Behind.Select(behind => (text.Text, Behind: behind, Ratio: Contrast(colors[text.Text], colors[behind])))
                )
                .Where(pair => pair.Ratio < 4.5)
                .Select(pair => $"{pair.Text} on {pair.Behind}: {pair.Ratio:0.00}")
        );
        Assert.Empty(
            new[] { "ok-fill", "warn-fill", "bad-fill", "unknown-fill", "info-fill" }
                .SelectMany(fill =>
                    new[] { "card", "sea" }.Select(behind => (Fill: fill, Behind: behind, Ratio: Contrast(colors[fill], colors[behind])))
                )
                .Where(pair => pair.Ratio < 3)
                .Select(pair => $"{pair.Fill} on {pair.Behind}: {pair.Ratio:0.00}")
        );
    }

    [Fact]
    public void Pages_for_the_eye()
    {
        Assert.SkipWhen(Shown is null, "Set SWARMOPS_REPORTS to a directory.");
        Directory.CreateDirectory(Shown!);
        File.WriteAllText(Path.Combine(Shown!, "healthy-3.html"), Page(MadeReport.Healthy()));
        File.WriteAllText(Path.Combine(Shown!, "outage-3.html"), Page(MadeReport.Outage()));
        File.WriteAllText(Path.Combine(Shown!, "troubled-100.html"), Page(MadeReport.Troubled(100)));
        var troubled = MadeReport.Troubled();
        var changes = ReportChanges.Between(
            ReportDigest.Of(MadeReport.Healthy()) with
            {
                Nodes = ReportDigest.Of(troubled).Nodes,
            },
            ReportDigest.Of(troubled)
        );
        File.WriteAllText(
            Path.Combine(Shown!, "troubled-30.html"),
            new HtmlReport(troubled, new ReportOptions { Title = "Shop", Changes = changes }).ToString()
        );
        File.WriteAllText(
            Path.Combine(Shown!, "troubled-30.prom"),
            SwarmOps.Insight.Metrics.ReportMetrics.Of(troubled, new Dictionary<string, string> { ["cluster"] = "shop" })
        );
        File.WriteAllText(
            Path.Combine(Shown!, "outage-3.prom"),
            SwarmOps.Insight.Metrics.ReportMetrics.Of(MadeReport.Outage(), new Dictionary<string, string>())
        );
    }

    private static string Page(SwarmReport report) => new HtmlReport(report, new ReportOptions()).ToString();

    private static Dictionary<string, string> Colors(bool dark)
    {
        var css = Assets.Style.Html;
        var from = dark ? css.IndexOf("prefers-color-scheme:dark", StringComparison.Ordinal) : 0;
        var block = css[from..css.IndexOf('}', from)];
        return ColorValue().Matches(block).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
    }

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string color)
    {
        double Part(int at)
        {
            var value = int.Parse(color.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255d;
            return value <= 0.03928 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Part(1)) + (0.7152 * Part(3)) + (0.0722 * Part(5));
    }

    [GeneratedRegex(@"--([a-z0-9-]+):(#[0-9a-f]{6})")]
    private static partial Regex ColorValue();

    [GeneratedRegex("(?:src|href|url)\\s*[=(]\\s*\"[^\"]*\"")]
    private static partial Regex Reference();

    [GeneratedRegex("<(/?)([a-z][a-z0-9]*)\\b[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("<script[^>]*>.*?</script>", RegexOptions.Singleline)]
    private static partial Regex ScriptText();
}
