namespace SwarmOps.Host;

/// <summary>The escape sequences (ECMA-48) that the host writes, which are the defaults of $PSStyle.</summary>
internal static class Ansi
{
    /// <summary>Back to the terminal's own colours.</summary>
    public const string Reset = "\u001b[0m";

    /// <summary>Errors.</summary>
    public const string Error = "\u001b[31;1m";

    /// <summary>Warnings, verbose and debug lines.</summary>
    public const string Notice = "\u001b[33;1m";

    /// <summary>The progress line.</summary>
    public const string Progress = "\u001b[33;1m";

    /// <summary>To the first column, and wipe to the end of the line.</summary>
    public const string ClearLine = "\r\u001b[K";

    /// <summary>The foreground and background sequences of the sixteen console colours.</summary>
    public static string Of(ConsoleColor foreground, ConsoleColor background) => $"\u001b[{30 + Code(foreground)};{40 + Code(background)}m";

    // Console colours count blue first and brightness by 8; the terminal's count red first and brightness by 60.
    private static int Code(ConsoleColor color)
    {
        var index = (int)color;
        var swapped = (index & 2) | ((index & 1) << 2) | ((index & 4) >> 2);
        return swapped + ((index & 8) == 0 ? 0 : 60);
    }
}
