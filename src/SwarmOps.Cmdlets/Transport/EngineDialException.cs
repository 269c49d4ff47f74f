namespace SwarmOps.Transport;

/// <summary>The relay to an engine's socket, or <c>docker system dial-stdio</c> in its place, ended before the engine answered; its standard error tells why.</summary>
internal sealed class EngineDialException(int? exitCode, string error)
    : IOException(
        $"the connection to the engine's socket ended with exit code {exitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}: {error}"
    )
{
    /// <summary>Exit code; null when the connection broke.</summary>
    public int? ExitCode => exitCode;

    /// <summary>Standard error.</summary>
    public string Error => error;
}
