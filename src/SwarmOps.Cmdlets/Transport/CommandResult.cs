namespace SwarmOps.Transport;

/// <summary>How a command on a host ended.</summary>
/// <param name="ExitCode">Its exit code; -1 when it was ended by a signal.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>Whether it ended with exit code 0.</summary>
    public bool Succeeded => ExitCode == 0;
}
