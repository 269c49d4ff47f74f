using SwarmOps.Stacks;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>YAML 1.2 with positions, anchors, merge keys and limits.</summary>
public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("", "Null")]
    [InlineData("~", "Null")]
    [InlineData("null", "Null")]
    [InlineData("Null", "Null")]
    [InlineData("nULL", "String")]
    [InlineData("true", "Boolean")]
    [InlineData("FALSE", "Boolean")]
    [InlineData("yes", "String")]
    [InlineData("on", "String")]
    [InlineData("0", "Integer")]
    [InlineData("-12", "Integer")]
    [InlineData("+3", "Integer")]
    [InlineData("0440", "Integer")]
    [InlineData("0o440", "Integer")]
    [InlineData("0xFF", "Integer")]
    [InlineData("0b1", "String")]
    [InlineData("1_000", "String")]
    [InlineData("22:22", "String")]
    [InlineData("1.5", "Number")]
    [InlineData(".5", "Number")]
    [InlineData("1.", "Number")]
    [InlineData("1e3", "Number")]
    [InlineData(".inf", "Number")]
    [InlineData(".nan", "Number")]
    [InlineData("1.5G", "String")]
    [InlineData("-", "String")]
    [InlineData(".", "String")]
    [InlineData("2024-01-01", "String")]
    public void A_plain_scalar_has_the_kind_of_the_core_schema(string text, string kind) =>
        Assert.Equal(kind, YamlScalar.KindOf(text).ToString());

    [Fact]
    public void Each_node_has_its_position()
    {
        var root = Map("a: 1\nb:\n  - x\n  -  y: [2,  3]\n");
        Assert.Equal("f:1:4", root["a"]!.At.ToString());
        Assert.Equal("f:2:1", root.Entry("b")!.At.ToString());
        var list = (YamlSequence)root["b"]!;
        Assert.Equal("f:3:5", list.Items[0].At.ToString());
        var inner = (YamlMapping)list.Items[1];
        Assert.Equal("f:4:6", inner.Entry("y")!.At.ToString());
        Assert.Equal("f:4:14", ((YamlSequence)inner["y"]!).Items[1].At.ToString());
    }

    [Fact]
    public void Quotes_and_blocks_are_strings()
    {
        var root = Map("a: '1'\nb: \"true\"\nc: |\n  2\nd: >-\n  x\n  y\ne: !!str 3\n");
        Assert.Equal(["1", "true", "2\n", "x y", "3"], root.Entries.Select(entry => ((YamlScalar)entry.Value).Text));
        Assert.All(root.Entries, entry => Assert.Equal(YamlKind.String, ((YamlScalar)entry.Value).Kind));
    }

    [Fact]
    public void An_alias_is_the_node_of_its_anchor()
    {
        var root = Map("a: &x {k: v}\nb: *x\n");
        Assert.Same(root["a"], root["b"]);
    }

    [Fact]
    public void Merge_keys_add_what_is_not_there()
    {
        var root = Map("one: &one {a: 1, b: 1}\ntwo: &two {b: 2, c: 2}\nall:\n  <<: [*one, *two]\n  c: 3\nsingle: {<<: *two, d: 4}\n");
        Assert.Equal("{\"a\":1,\"b\":1,\"c\":3}", root["all"]!.Canonical);
        Assert.Equal("{\"b\":2,\"c\":2,\"d\":4}", root["single"]!.Canonical);
    }

    [Fact]
    public void A_quoted_merge_key_is_a_key() => Assert.NotNull(Map("'<<': x")["<<"]);

    [Fact]
    public void Composes_tags_are_kept()
    {
        var root = Map("a: !reset null\nb: !override [1]\nc: !reset {x: y}\n");
        Assert.Equal([YamlTag.Reset, YamlTag.Override, YamlTag.Reset], root.Entries.Select(entry => entry.Value.Tag));
    }

    [Fact]
    public void A_billion_laughs_end_in_an_error()
    {
        var text =
            "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
            + string.Concat(
                Enumerable
                    .Range(1, 9)
                    .Select(level => $"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat($"*a{level - 1}", 10))}]\n")
            );
        Assert.Contains("each alias counted", Problem(text).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_of_a_long_text_end_in_an_error() =>
        Assert.Contains(
            "each alias counted",
            Problem("a: &a " + new string('x', 1_000_000) + "\nb: [" + string.Join(',', Enumerable.Repeat("*a", 1000)) + "]").Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Depth_ends_in_an_error()
    {
        Assert.Contains("64 levels", Problem(new string('[', 100_000)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "64 levels",
            Problem(string.Concat(Enumerable.Range(0, 100).Select(level => new string(' ', level) + "a:\n"))).Message,
            StringComparison.Ordinal
        );
        var chain = "a0: &a0 [x]\n" + string.Concat(Enumerable.Range(1, 100).Select(level => $"a{level}: &a{level} [*a{level - 1}]\n"));
        Assert.Contains("64 levels", Problem(chain).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_file_is_not_read() =>
        Assert.Contains("KiB", Problem(new string('#', YamlReader.MostCharacters + 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Both_duplicate_keys_are_told()
    {
        var problem = Problem("a: 1\nb: 2\na: 3\n");
        Assert.Equal("f:3:1", problem.At.ToString());
        Assert.Contains("line 1", problem.Message, StringComparison.Ordinal);
    }

    private static YamlMapping Map(string text)
    {
        var problems = new StackProblems();
        var node = YamlReader.Read(text, new SourceFile("f", "/"), problems);
        Assert.Empty(problems.All);
        return Assert.IsType<YamlMapping>(node);
    }

    private static StackProblem Problem(string text)
    {
        var problems = new StackProblems();
        YamlReader.Read(text, new SourceFile("f", "/"), problems);
        return Assert.Single(problems.All);
    }
}
