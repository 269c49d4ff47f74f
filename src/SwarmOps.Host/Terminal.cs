namespace SwarmOps.Host;

/// <summary>What the three standard streams are connected to.</summary>
internal static class Terminal
{
    private static readonly bool ColorsRefused =
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) || Environment.GetEnvironmentVariable("TERM") is "dumb";

    /// <summary>True when somebody can type an answer.</summary>
    public static bool InputIsTerminal { get; } = !Console.IsInputRedirected;

    /// <summary>True when standard output takes colours (a terminal, and neither NO_COLOR nor TERM=dumb is set).</summary>
    public static bool OutputHasColors { get; } = !Console.IsOutputRedirected && !ColorsRefused;

    /// <summary>True when standard error takes colours.</summary>
    public static bool ErrorHasColors { get; } = !Console.IsErrorRedirected && !ColorsRefused;

    /// <summary>True when a line on standard error can be drawn over again.</summary>
    public static bool ErrorIsRedrawable { get; } =
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";
}
