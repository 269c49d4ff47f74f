using SwarmOps.Stacks;
using SwarmOps.Stacks.Reading;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>Variables in values, by the table of the Compose specification ("Interpolation").</summary>
public sealed class InterpolationTests
{
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["SET"] = "value",
        ["EMPTY"] = "",
        ["_under1"] = "u",
        ["DOLLAR"] = "$SET",
    };

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("$SET", "value")]
    [InlineData("${SET}", "value")]
    [InlineData("a-$SET-b", "a-value-b")]
    [InlineData("$SET$SET", "valuevalue")]
    [InlineData("$_under1.x", "u.x")]
    [InlineData("$UNSET|", "|")]
    [InlineData("${UNSET}|", "|")]
    [InlineData("${SET:-b}", "value")]
    [InlineData("${EMPTY:-b}", "b")]
    [InlineData("${UNSET:-b}", "b")]
    [InlineData("${SET-b}", "value")]
    [InlineData("${EMPTY-b}", "")]
    [InlineData("${UNSET-b}", "b")]
    [InlineData("${UNSET-}", "")]
    [InlineData("${SET:?e}", "value")]
    [InlineData("${EMPTY?e}", "")]
    [InlineData("${SET:+r}", "r")]
    [InlineData("${EMPTY:+r}", "")]
    [InlineData("${UNSET:+r}", "")]
    [InlineData("${SET+r}", "r")]
    [InlineData("${EMPTY+r}", "r")]
    [InlineData("${UNSET+r}", "")]
    [InlineData("${UNSET:-${SET}}", "value")]
    [InlineData("${UNSET:-${EMPTY:-${UNSET:-deep}}}", "deep")]
    [InlineData("${UNSET:-a$$b}", "a$b")]
    [InlineData("${UNSET:-a}}", "a}")]
    [InlineData("${UNSET:-:-?+}", ":-?+")]
    [InlineData("${SET:+$SET-$$}", "value-$")]
    [InlineData("$$SET", "$SET")]
    [InlineData("$$$SET", "$value")]
    [InlineData("$${SET}", "${SET}")]
    [InlineData("${DOLLAR}", "$SET")]
    public void Variables_are_replaced(string text, string expected) => Assert.Equal(expected, Interpolate(text));

    [Theory]
    [InlineData("$")]
    [InlineData("a$ b")]
    [InlineData("$1")]
    [InlineData("${")]
    [InlineData("${SET")]
    [InlineData("${}")]
    [InlineData("${ SET}")]
    [InlineData("${SET }")]
    [InlineData("${SET:}")]
    [InlineData("${SET:x}")]
    [InlineData("${1A}")]
    [InlineData("${UNSET:-${SET}")]
    public void What_is_no_variable_is_refused(string text) =>
        Assert.Contains("$$", Assert.Throws<StackValueException>(() => Interpolate(text)).Remedy, StringComparison.Ordinal);

    [Theory]
    [InlineData("${UNSET:?pick one}", "UNSET is not set")]
    [InlineData("${EMPTY:?pick one}", "EMPTY is empty")]
    [InlineData("${UNSET?pick one}", "UNSET is not set")]
    public void A_required_variable_is_demanded_with_its_message(string text, string expected)
    {
        var exception = Assert.Throws<StackValueException>(() => Interpolate(text));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Contains("pick one", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_without_a_value_is_told()
    {
        var unset = new List<string>();
        new Interpolation(_ => null, unset.Add).Expand("$A ${B} ${C:-c} ${D+d}");
        Assert.Equal(["A", "B"], unset);
    }

    [Fact]
    public void Deep_nesting_ends_in_an_error() =>
        Assert.Throws<StackValueException>(() => Interpolate(string.Concat(Enumerable.Repeat("${U:-", 100)) + new string('}', 100)));

    [Fact]
    public void A_large_variable_does_not_fill_the_memory() =>
        Assert.Throws<StackValueException>(() =>
            new Interpolation(_ => new string('x', 1_000_000)).Expand(string.Concat(Enumerable.Repeat("$A", 100_000)))
        );

    private static string Interpolate(string text) => new Interpolation(Variables.GetValueOrDefault).Expand(text);
}
