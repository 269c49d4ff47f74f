using System.Management.Automation.Language;
using SwarmOps.Completion;

namespace SwarmOps.Tests.Unit;

/// <summary>How what was typed is understood, and how a name is typed.</summary>
public sealed class CompletionWordTests
{
    [Theory]
    [InlineData(null, "", null)]
    [InlineData("", "", null)]
    [InlineData("web", "web", null)]
    [InlineData("'", "", '\'')]
    [InlineData("''", "", '\'')]
    [InlineData("'we", "we", '\'')]
    [InlineData("'it's'", "it's", '\'')]
    [InlineData("\"we\"", "we", '"')]
    [InlineData("\u201cwe", "we", '"')]
    [InlineData("\u2018we\u2019", "we", '\'')]
    public void The_quotes_are_taken_from_the_word(string? typed, string text, char? quote) =>
        Assert.Equal(new TypedWord(text, quote), TypedWord.Parse(typed));

    [Theory]
    [InlineData("", "web", true)]
    [InlineData("WE", "web", true)]
    [InlineData("eb", "web", false)]
    [InlineData("*b", "web", true)]
    [InlineData("w?b", "web-1", true)]
    [InlineData("a[", "a[1]", true)]
    [InlineData("a`[", "a[1]", true)]
    [InlineData("[", "web", false)]
    [InlineData("[z-a]", "web", false)]
    public void A_name_fits_by_its_beginning_or_as_a_pattern(string typed, string name, bool fits) =>
        Assert.Equal(fits, TypedWord.Parse(typed).Matches(name));

    [Theory]
    [InlineData("", "web-1.eu_x", "web-1.eu_x")]
    [InlineData("", "lab/busybox:latest", "lab/busybox:latest")]
    [InlineData("", "node.labels.region==eu", "node.labels.region==eu")]
    [InlineData("", "a b", "'a b'")]
    [InlineData("", "it's", "'it''s'")]
    [InlineData("", "a\u2019b", "'a\u2019\u2019b'")]
    [InlineData("", "$x", "'$x'")]
    [InlineData("", "-x", "'-x'")]
    [InlineData("", "a,b", "'a,b'")]
    [InlineData("", "a;rm", "'a;rm'")]
    [InlineData("", "x > y", "'x > y'")]
    [InlineData("", "@x", "'@x'")]
    [InlineData("", "#x", "'#x'")]
    [InlineData("", "a`b", "'a`b'")]
    [InlineData("", "10kb", "'10kb'")]
    [InlineData("", "007", "'007'")]
    [InlineData("'w", "web", "'web'")]
    [InlineData("\"w", "web", "\"web\"")]
    [InlineData("\"w", "a$b`c\"d", "\"a`$b``c`\"d\"")]
    public void A_name_is_typed_in_the_users_quotes_or_in_those_that_it_needs(string typed, string name, string expected) =>
        Assert.Equal(expected, TypedWord.Parse(typed).Quoted(name));

    [Theory]
    [InlineData("a b")]
    [InlineData("it's \"x\" $(rm) `n ,;|&<>@#{}()[]")]
    [InlineData("\u2018\u2019\u201a\u201b\u201c\u201d\u201e")]
    [InlineData("0x1F")]
    [InlineData("--%")]
    [InlineData("--")]
    [InlineData("1..3")]
    public void Whatever_a_name_holds_it_arrives_as_it_is(string name)
    {
        using var prompt = new CompletionPrompt();
        foreach (var typed in new[] { "", "'", "\"" })
            Assert.Equal(
                ["x", name],
                prompt.Run($"function f([string[]] $Name) {{ $Name }}; f -Name 'x', {TypedWord.Parse(typed).Quoted(name)}").Cast<string>()
            );
    }

    [Fact]
    public void A_parse_of_a_name_runs_nothing()
    {
        var command = Assert.IsType<CommandAst>(
            ((PipelineAst)Parser.ParseInput("x 'y'", out _, out _).EndBlock.Statements[0]).PipelineElements[0]
        );
        Assert.Equal("'$(throw)'", new CompletionRequest("x", "y", "", command, null).Word.Quoted("$(throw)"));
    }
}
