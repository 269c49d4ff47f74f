using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace SwarmOps.Tests.Host;

/// <summary>The built host as a user starts it: a process, with what it writes and how it ends.</summary>
internal static class HostProcess
{
    /// <summary>No test waits longer for the host than this.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The executable: the one that the build names, else the one of a Release build.</summary>
    public static string Executable { get; } = Environment.GetEnvironmentVariable("SWARMOPS_HOST_EXE") is { Length: > 0 } given
        ? given
        : Path.Combine(Metadata("RepositoryRoot"), "artifacts", "bin", "SwarmOps.Host", "release", "SwarmOps.Host");

    /// <summary>Runs a command line.</summary>
    public static Task<HostResult> CommandAsync(string command) => RunAsync(["-NoProfile", "-Command", command]);

    /// <summary>Runs a script with arguments.</summary>
    public static async Task<HostResult> ScriptAsync(string text, params string[] arguments)
    {
        using var script = new TemporaryScript(text);
        return await RunAsync(["-NoProfile", "-File", script.Path, .. arguments]);
    }

    /// <summary>Runs the host with arguments.</summary>
    public static async Task<HostResult> RunAsync(string[] arguments, string input = "")
    {
        using var process = Start(arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await EndAsync(process);
    }

    /// <summary>Starts a script, sends the signal once it has written its first line, and measures how long it then takes to end.</summary>
    public static async Task<(HostResult Result, TimeSpan AfterSignal)> SignalAsync(string text, int signal)
    {
        using var script = new TemporaryScript(text);
        using var process = StartWithDefaultSignals(["-NoProfile", "-File", script.Path]);
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, kill(process.Id, signal));
        var result = await EndAsync(process);
        return (result, clock.Elapsed);
    }

    /// <summary>Runs the host on a terminal of its own, made by script(1), and types some keys.</summary>
    public static async Task<HostResult> OnTerminalAsync(string text, string keys)
    {
        using var script = new TemporaryScript(text);
        var start = Redirected("script");
        foreach (var argument in new[] { "-qec", $"'{Executable}' -NoProfile -File '{script.Path}'", "/dev/null" })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(keys);
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        return await EndAsync(process);
    }

    private static Process Start(string[] arguments)
    {
        var start = Redirected(Executable);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    // A shell starts what it runs in the background with SIGINT ignored, and a program keeps to that: these tests may be run so.
    private static Process StartWithDefaultSignals(string[] arguments)
    {
        var start = Redirected("env");
        foreach (var argument in new[] { "--default-signal=HUP,INT,TERM", Executable }.Concat(arguments))
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static ProcessStartInfo Redirected(string program) => new(program)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private static async Task<HostResult> EndAsync(Process process)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new HostResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static string Metadata(string key) => typeof(HostProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == key).Value!;

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int processId, int signal);

    private sealed class TemporaryScript : IDisposable
    {
        public TemporaryScript(string text) => File.WriteAllText(Path, text);

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"swarmops-host-{Guid.NewGuid():N}.ps1"));

        public void Dispose() => File.Delete(Path);
    }
}
