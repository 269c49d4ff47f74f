using System.Diagnostics;

namespace SwarmOps.Tests.Lab;

/// <summary>An administrator at work beside the others: a process of its own, on a machine of its own where that is asked for, that runs one line.</summary>
internal sealed class Administrator : IDisposable
{
    private readonly Process process;
    private readonly string script;
    private readonly string? machineId;
    private readonly Task<string> output;
    private readonly Task<string> error;

    private Administrator(Process process, string script, string? machineId)
    {
        (this.process, this.script, this.machineId) = (process, script, machineId);
        output = process.StandardOutput.ReadToEndAsync();
        error = process.StandardError.ReadToEndAsync();
    }

    public int ProcessId => process.Id;

    /// <summary>Starts a line on the lab's nodes, which are in <c>$n</c>.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="line">What is typed.</param>
    /// <param name="elsewhere">Whether it looks like another machine: one with another machine id.</param>
    public static Administrator Start(LabFixture lab, string line, bool elsewhere = true)
    {
        var script = Path.GetTempFileName();
        File.WriteAllText(
            script + ".ps1",
            $$"""
            $n = @({{string.Join('\n', lab.Hosts.Select(host => host.Description))}})
            $n0, $n1, $n2 = $n
            try { {{line}} | Out-Null; 'END well' }
            catch { "END $($_.FullyQualifiedErrorId.Split(',')[0]): $($_.Exception.Message) [$($_.ErrorDetails.RecommendedAction)]" }
            """
        );
        File.Delete(script);
        string[] run = ["dotnet", "exec", Repository.KillHost, Repository.Module, script + ".ps1", "0", "changes"];
        string? machineId = null;
        if (elsewhere)
        {
            machineId = Path.GetTempFileName();
            File.WriteAllText(machineId, Guid.NewGuid().ToString("N") + "\n");
            run = ["unshare", "--mount", "sh", "-c", "mount --bind \"$1\" /etc/machine-id; shift; exec \"$@\"", "sh", machineId, .. run];
        }

        var start = new ProcessStartInfo(run[0], run[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new Administrator(process, script + ".ps1", machineId);
    }

    /// <summary>Runs two lines at the same moment and gives how each ended: <c>well</c>, or the error.</summary>
    public static async Task<string[]> RaceAsync(LabFixture lab, string one, string other)
    {
        using var first = Start(lab, one);
        using var second = Start(lab, other);
        return await Task.WhenAll(first.EndAsync(), second.EndAsync());
    }

    /// <summary>How the line ended: <c>well</c>, <c>killed</c>, or the error's id, message and advice.</summary>
    public async Task<string> EndAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(8));
        const int killed = 128 + 9;
        if (process.ExitCode == killed)
            return "killed";
        var said = await output;
        var end = said.Split('\n').FirstOrDefault(line => line.StartsWith("END ", StringComparison.Ordinal));
        return end?[4..] ?? throw new InvalidOperationException($"exit code {process.ExitCode}: {said}{await error}");
    }

    /// <summary>Sends it a signal, such as KILL or STOP.</summary>
    public Task SignalAsync(string signal) => Shell.RunAsync("kill", $"-{signal}", $"{ProcessId}");

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
        File.Delete(script);
        if (machineId is not null)
            File.Delete(machineId);
    }
}
