using SwarmOps.Stacks.Rules;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>The table of keys, and docs/compose.md, which is made from it.</summary>
public sealed class RuleTableTests
{
    private const string Begin = "<!-- keys: made from the module's own table; RuleTableTests writes it if SWARMOPS_WRITE_PAGES=1 -->";

    private const string End = "<!-- end of keys -->";

    private static readonly string Page = Path.Combine(DocumentedErrorTests.Root, "docs", "compose.md");

    [Fact]
    public void Every_key_has_a_row()
    {
        Assert.Empty(
            Nodes(RuleTable.Root)
                .Where(node => node.Rule.Types == ValueTypes.Any && node.Rule.Path != "services.*.storage_opt.*")
                .Select(node => node.Rule.Path)
        );
        Assert.Empty(RuleTable.All.Where(rule => rule.Types == ValueTypes.None).Select(rule => rule.Path));
    }

    [Fact]
    public void What_is_refused_says_why_and_what_to_write() =>
        Assert.Empty(
            RuleTable
                .All.Where(rule => rule.Support == Support.Refused && (rule.How.Length == 0 || rule.Remedy.Length == 0))
                .Select(rule => rule.Path)
        );

    [Fact]
    public void Every_key_of_a_service_is_told() =>
        Assert.Empty(RuleTable.Root.At("services.*").Keys.Where(key => key.Value.Rule.How.Length == 0).Select(key => key.Key));

    [Fact]
    public void What_is_told_is_a_sentence() =>
        Assert.All(
            RuleTable.All.SelectMany(rule => new[] { rule.How, rule.Remedy }).Where(text => text.Length > 0),
            text => Assert.Matches("^[A-Za-z\\[<-].*\\.$", text)
        );

    [Fact]
    public void The_page_is_current()
    {
        var text = File.ReadAllText(Page).ReplaceLineEndings("\n");
        var start = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, start, StringComparison.Ordinal);
        var expected = "\n\n" + ComposePage.Tables() + "\n";
        if (Environment.GetEnvironmentVariable("SWARMOPS_WRITE_PAGES") == "1")
            File.WriteAllText(Page, text[..start] + expected + text[end..]);
        else
            Assert.True(
                expected == text[start..end],
                "docs/compose.md differs from the table of keys: run this test with SWARMOPS_WRITE_PAGES=1."
            );
    }

    private static IEnumerable<RuleNode> Nodes(RuleNode node) =>
        [node, .. node.Keys.Values.Concat(new[] { node.Item, node.Others }.OfType<RuleNode>()).SelectMany(Nodes)];
}
