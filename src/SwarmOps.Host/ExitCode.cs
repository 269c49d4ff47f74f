namespace SwarmOps.Host;

/// <summary>The exit codes that the host itself gives; every other one comes from the script.</summary>
internal static class ExitCode
{
    /// <summary>The script ended and its last command succeeded.</summary>
    public const int Success = 0;

    /// <summary>A terminating error, or a command line whose last command failed.</summary>
    public const int Failure = 1;

    /// <summary>The arguments make no sense (EX_USAGE of sysexits.h, as pwsh has it).</summary>
    public const int BadArguments = 64;

    /// <summary>The code of a process ended by a signal, by the convention of shells: 128 + the signal's number.</summary>
    public const int SignalBase = 128;
}
