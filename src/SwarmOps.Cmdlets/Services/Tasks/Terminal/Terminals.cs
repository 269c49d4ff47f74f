namespace SwarmOps.Services.Tasks.Terminal;

/// <summary>Opens the terminal of this process.</summary>
internal static class Terminals
{
    /// <summary>Why there is no terminal to use; null when there is one.</summary>
    public static string? WhyNone() =>
        Console.IsInputRedirected ? "the input of this session is redirected"
        : Console.IsOutputRedirected ? "the output of this session is redirected"
        : null;

    /// <summary>Sets it to raw mode.</summary>
    /// <exception cref="SwarmOpsException"><c>TerminalMissing</c>.</exception>
    public static ITerminal Open() =>
        (OperatingSystem.IsWindows() ? WindowsTerminal.Open() : UnixTerminal.Open() as ITerminal)
        ?? throw TaskErrors.TerminalMissing("that of this session cannot be set to raw mode");
}
