namespace SwarmOps.Tests.Host;

public sealed class StopTests
{
    private const string Waiting = """
        try
        {
            'waiting'
            WAIT
            'not reached'
        }
        finally
        {
            /bin/echo 'cleaned up'
        }
        """;

    [Theory]
    [InlineData(2, 130)]
    [InlineData(15, 143)]
    [InlineData(1, 129)]
    public async Task A_signal_stops_a_native_command_runs_finally_and_ends_within_two_seconds(int signal, int exitCode)
    {
        var (result, afterSignal) = await HostProcess.SignalAsync(Waiting.Replace("WAIT", "/bin/sleep 60"), signal);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.InRange(afterSignal, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(["cleaned up"], result.Lines);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task A_signal_stops_a_script_that_computes()
    {
        var (result, afterSignal) = await HostProcess.SignalAsync(Waiting.Replace("WAIT", "while ($true) { $null = 1 + 1 }"), 2);
        Assert.Equal(130, result.ExitCode);
        Assert.InRange(afterSignal, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    // The formatter runs on the script's runspace: a stop that meets it at work stops it too, and what finally writes was lost.
    [Fact]
    public async Task A_signal_in_the_middle_of_drawing_leaves_the_output_of_finally()
    {
        const string drawing = """
            $slow = [psobject]::new()
            $slow.PSObject.Members.Add([psscriptproperty]::new('Text', { [Console]::Out.WriteLine('drawing'); while ($true) { $null = 1 + 1 } }))
            try
            {
                $slow
            }
            finally
            {
                /bin/echo 'cleaned up'
                'and said so'
            }
            """;
        var (result, afterSignal) = await HostProcess.SignalAsync(drawing, 2);
        Assert.Equal(130, result.ExitCode);
        Assert.InRange(afterSignal, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal(["cleaned up", "and said so"], result.Lines);
    }
}
