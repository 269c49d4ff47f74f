namespace SwarmOps.Tests.Host;

public sealed class PromptTests
{
    private const string Asking = """
        [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param()
        "answer: $($PSCmdlet.ShouldContinue('Really?', 'Deleting'))"
        """;

    [Fact]
    public async Task Without_a_terminal_a_prompt_is_an_error_that_says_so()
    {
        var result = await HostProcess.ScriptAsync($"$ErrorActionPreference = 'Stop'; {Confirming}");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no terminal", result.Error);
        Assert.DoesNotContain("done", result.Output);
    }

    [Fact]
    public async Task With_NonInteractive_a_prompt_is_an_error_that_says_so()
    {
        var result = await HostProcess.RunAsync(["-NonInteractive", "-Command", $"$ErrorActionPreference = 'Stop'; {Confirming}"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("-NonInteractive", result.Error);
    }

    [Theory]
    [InlineData("y\n", "answer: True")]
    [InlineData("\n", "answer: True")]
    [InlineData("no\n", "answer: False")]
    [InlineData("what\n?\nN\n", "answer: False")]
    public async Task On_a_terminal_the_answer_decides(string keys, string expected)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script(1), which makes a terminal, is not installed");
        var result = await HostProcess.OnTerminalAsync(Asking, keys);
        Assert.Contains("Really?", result.Output);
        Assert.Contains(expected, result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    private const string Confirming = "function Remove-It { [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')] param() if ($PSCmdlet.ShouldProcess('it')) { 'done' } } Remove-It";
}
