namespace SwarmOps.Tests.Host;

/// <summary>Exit codes as pwsh 7.6 gives them (each row was compared with it).</summary>
public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("exit 5", 5, 5)]
    [InlineData("exit", 0, 0)]
    [InlineData("throw 'x'", 1, 1)]
    [InlineData("$ErrorActionPreference = 'Stop'; Get-Nothing", 1, 1)]
    [InlineData("Get-Nothing", 1, 0)]
    [InlineData("Get-Nothing; 1", 0, 0)]
    [InlineData("/bin/false", 1, 0)]
    [InlineData("/bin/sh -c 'exit 9'", 1, 0)]
    [InlineData("/bin/sh -c 'exit 9'; exit $LASTEXITCODE", 9, 9)]
    [InlineData("[int] 'x'", 1, 0)]
    [InlineData("if (", 1, 1)]
    [InlineData("try { exit 4 } finally { 'f' }", 4, 4)]
    [InlineData("& { exit 6 }", 6, 6)]
    [InlineData("break", 0, 0)]
    [InlineData("return 3", 0, 0)]
    public async Task Exit_codes_are_those_of_pwsh(string script, int asCommand, int asFile)
    {
        Assert.Equal(asCommand, (await HostProcess.CommandAsync(script)).ExitCode);
        Assert.Equal(asFile, (await HostProcess.ScriptAsync(script)).ExitCode);
    }

    [Fact]
    public async Task An_error_that_the_script_itself_writes_does_not_change_the_exit_code_of_a_file()
    {
        var result = await HostProcess.ScriptAsync("""
            [CmdletBinding()] param()
            /bin/false
            $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([System.Exception]::new('bad'), 'Bad', 0, $null))
            """);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("bad", result.Error);
    }

    [Theory]
    [InlineData("-Nonsense")]
    [InlineData("-File")]
    [InlineData("-Command")]
    [InlineData("/nowhere/none.ps1")]
    public async Task Arguments_that_make_no_sense_end_with_64(params string[] arguments)
    {
        var result = await HostProcess.RunAsync(arguments);
        Assert.Equal(64, result.ExitCode);
        Assert.NotEqual("", result.Error);
        Assert.Equal("", result.Output);
    }

    [Fact]
    public async Task Nothing_to_run_is_an_error() => Assert.Equal(64, (await HostProcess.RunAsync([])).ExitCode);

    [Fact]
    public async Task Version_and_help_succeed()
    {
        var version = await HostProcess.RunAsync(["-Version"]);
        Assert.Equal(0, version.ExitCode);
        Assert.Matches(@"^SwarmOps\.Host \d+\.\d+", version.Output);
        var help = await HostProcess.RunAsync(["-Help"]);
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("-NonInteractive", help.Output);
    }
}
