namespace SwarmOps.Tests.Host;

/// <summary>How a run of the host ended, and what it wrote.</summary>
internal sealed record HostResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of standard output, without the empty ones.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
