using System.Diagnostics;

namespace SwarmOps.Tests.Walk;

/// <summary>How a program ended.</summary>
internal sealed record ProgramEnd(int ExitCode, string Output, string Error, bool TimedOut)
{
    public bool Succeeded => ExitCode == 0 && !TimedOut;
}

/// <summary>Runs programs to their end, or to a time limit.</summary>
internal static class Shell
{
    /// <summary>Runs a program; one that takes too long, or is cancelled, is killed with its children.</summary>
    public static async Task<ProgramEnd> RunAsync(
        TimeSpan limit,
        string program,
        IReadOnlyList<string> arguments,
        CancellationToken cancellation
    )
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            }
        )!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var timedOut = false;
        try
        {
            await process.WaitForExitAsync(cancellation).WaitAsync(limit, cancellation);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            timedOut = true;
            await process.WaitForExitAsync(CancellationToken.None);
        }

        // A daemon that inherited the pipes would keep them open for ever.
        var end = await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(TimeSpan.FromSeconds(5), CancellationToken.None));
        return end is Task<string[]>
            ? new(process.ExitCode, await output, await error, timedOut)
            : new(process.ExitCode, "", "its output did not end", timedOut);
    }
}
