using SwarmOps.Stacks.Reading;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>The syntax of files of variables (Compose specification, "Env_file format").</summary>
public sealed class DotEnvFileTests
{
    [Theory]
    [InlineData("A=b", "b")]
    [InlineData("A=", "")]
    [InlineData("A = b ", "b")]
    [InlineData("export A=b", "b")]
    [InlineData("A: b", "b")]
    [InlineData("A=b # comment", "b")]
    [InlineData("A=b#c", "b#c")]
    [InlineData("A=#c", "")]
    [InlineData("A='b # c'", "b # c")]
    [InlineData("A='$OUT'", "$OUT")]
    [InlineData("A='it\\'s'", "it's")]
    [InlineData("A=\"b # c\"", "b # c")]
    [InlineData("A=\"b\\nc\\t\\\"d\\\"\"", "b\nc\t\"d\"")]
    [InlineData("A=\"$OUT\"", "outside")]
    [InlineData("A=\"\\$OUT\"", "$OUT")]
    [InlineData("A=$OUT", "outside")]
    [InlineData("A=${MISSING:-d}", "d")]
    [InlineData("A=\"line one\nline two\"", "line one\nline two")]
    [InlineData("A='line one\nline two' # comment", "line one\nline two")]
    [InlineData("\uFEFFA=b", "b")]
    [InlineData("# c\n\n  A=b\r\n", "b")]
    [InlineData("A=b=c", "b=c")]
    [InlineData("A=postgres://u:p@h:5432/d?x=y", "postgres://u:p@h:5432/d?x=y")]
    public void A_value_is_read(string text, string expected) =>
        Assert.Equal(expected, Assert.Single(Parse(text), line => line.Name == "A").Value);

    [Fact]
    public void A_name_without_a_value_has_none() => Assert.Null(Assert.Single(Parse("A")).Value);

    [Fact]
    public void A_value_may_use_the_lines_before_it() => Assert.Equal("1-2", Parse("A=1\nB=$A-2")[1].Value);

    [Fact]
    public void What_is_set_outside_wins() => Assert.Equal("outside", Parse("OUT=x\nB=$OUT")[1].Value);

    [Fact]
    public void Lines_are_counted_over_values_of_several_lines() =>
        Assert.Equal([1, 3], Parse("A=\"1\n2\"\nB=3").Select(line => line.Line));

    [Theory]
    [InlineData("A=b\nC=\"d", 2)]
    [InlineData("A B=c", 1)]
    [InlineData("=c", 1)]
    [InlineData("A='b' c", 1)]
    [InlineData("A=1\n\nB=${A", 3)]
    public void A_bad_line_is_told_by_its_number(string text, int line) =>
        Assert.Equal(line, Assert.Throws<DotEnvException>(() => Parse(text)).Line);

    [Theory]
    [InlineData("A='b' # c", "'b' # c")]
    [InlineData("A=$OUT", "$OUT")]
    [InlineData("A= b ", " b ")]
    public void The_raw_format_takes_values_as_they_are(string text, string expected) =>
        Assert.Equal(expected, Assert.Single(DotEnvFile.ParseRaw(text)).Value);

    [Fact]
    public void Lines_that_repeat_each_other_do_not_fill_the_memory() =>
        Assert.Throws<DotEnvException>(() =>
            Parse(
                "A0="
                    + new string('x', 1000)
                    + "\n"
                    + string.Concat(Enumerable.Range(1, 60).Select(index => $"A{index}=$A{index - 1}$A{index - 1}\n"))
            )
        );

    private static IReadOnlyList<DotEnvLine> Parse(string text) => DotEnvFile.Parse(text, name => name == "OUT" ? "outside" : null);
}
