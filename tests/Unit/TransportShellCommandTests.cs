using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

public sealed class TransportShellCommandTests
{
    [Theory]
    [InlineData("echo hi", "root", false, "sh -c 'echo hi' </dev/null")]
    [InlineData("echo 'a'", "root", true, "sh -c 'echo '\\''a'\\''' </dev/null")]
    [InlineData("id", "admin", true, "sudo -n sh -c 'id' </dev/null")]
    [InlineData("id", "admin", false, "sh -c 'id' </dev/null")]
    public void A_script_becomes_one_word(string script, string user, bool asRoot, string expected) =>
        Assert.Equal(expected, ShellCommand.Remote(new NodeCommand(script) { AsRoot = asRoot }, user));

    [Fact]
    public void Input_that_is_no_secret_is_part_of_the_command_line() =>
        Assert.Equal(
            "sh -c '{\ncat\n} <<'\\''END_OF_SWARMOPS_INPUT'\\''\n$x\nEND_OF_SWARMOPS_INPUT\n' </dev/null",
            ShellCommand.Remote(new NodeCommand("cat") { Input = "$x\n", IsInputPublic = true }, "root")
        );

    [Theory]
    [InlineData("no line end")]
    [InlineData("END_OF_SWARMOPS_INPUT\n")]
    [InlineData(null)]
    public void Input_that_a_command_line_cannot_carry_is_fed(string? text)
    {
        var command = new NodeCommand("cat") { Input = text ?? new string('x', 24_000) + "\n", IsInputPublic = true };
        Assert.True(ShellCommand.NeedsInput(command));
        Assert.Equal("sh -c 'cat'", ShellCommand.Remote(command, "root"));
    }

    [Fact]
    public void Input_comes_from_the_channel() =>
        Assert.Equal("sh -c 'cat'", ShellCommand.Remote(new NodeCommand("cat") { Input = "secret" }, "root"));

    [Fact]
    public void A_command_does_not_print_its_input() =>
        Assert.DoesNotContain("secret", new NodeCommand("cat") { Input = "secret" }.ToString(), StringComparison.Ordinal);
}
