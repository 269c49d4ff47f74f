namespace SwarmOps.Tests.Host;

public sealed class ArgumentTests
{
    private const string Echo = """
        param([string] $Name, [switch] $Flag, [int] $Count = 1, [Parameter(ValueFromRemainingArguments)] [string[]] $Rest)
        Set-StrictMode -Version Latest
        "$Name|$($Flag.IsPresent)|$Count|$([string]::Join('+', [string[]]@($Rest)))"
        """;

    [Theory]
    [InlineData("bob|True|3|a+b", "-Name", "bob", "-Flag", "3", "a", "b")]
    [InlineData("bob|False|3|", "bob", "-Count", "3")]
    [InlineData("bob|False|7|", "-Name:bob", "-Flag:$false", "-Count:7")]
    [InlineData("a b $x|False|1|", "-Name", "a b $x")]
    [InlineData("|False|-5|", "-Count", "-5")]
    public async Task Arguments_of_a_script_are_bound_by_name_and_position(string expected, params string[] arguments)
    {
        var result = await HostProcess.ScriptAsync(Echo, arguments);
        Assert.Equal("", result.Error);
        Assert.Equal([expected], result.Lines);
    }

    [Fact]
    public async Task An_argument_of_the_wrong_type_is_an_error()
    {
        var result = await HostProcess.ScriptAsync(Echo, "-Count", "many");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("many", result.Error);
    }

    [Fact]
    public async Task A_script_knows_its_own_path()
    {
        var result = await HostProcess.ScriptAsync("$PSScriptRoot -eq [System.IO.Path]::GetDirectoryName($PSCommandPath); $MyInvocation.MyCommand.Name");
        Assert.Equal("True", result.Lines[0]);
        Assert.EndsWith(".ps1", result.Lines[1]);
    }

    [Fact]
    public async Task A_command_can_come_from_standard_input()
    {
        var result = await HostProcess.RunAsync(["-Command", "-"], "1 + 1\n'two'\n");
        Assert.Equal(["2", "two"], result.Lines);
    }

    [Fact]
    public async Task Strict_mode_holds()
    {
        var result = await HostProcess.ScriptAsync("Set-StrictMode -Version Latest; $ErrorActionPreference = 'Stop'; $undefined");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("undefined", result.Error);
    }
}
