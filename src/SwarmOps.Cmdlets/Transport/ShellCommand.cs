namespace SwarmOps.Transport;

/// <summary>Builds command lines.</summary>
internal static class ShellCommand
{
    private const string Root = "root";

    private const string EndOfInput = "END_OF_SWARMOPS_INPUT";

    /// <summary>The longest command line that carries its input: the command must fit into one SSH packet, of which every implementation takes 32 kB (RFC 4253, 6.1).</summary>
    private const int LongestCarrier = 24_000;

    /// <summary>The command line for a remote shell. Without input, standard input is /dev/null, since the channel's is never closed.</summary>
    public static string Remote(NodeCommand command, string user) =>
        (command.AsRoot && user != Root ? "sudo -n " : "")
        + "sh -c "
        + Quote(CarriesInput(command) ? $"{{\n{command.Script}\n}} <<'{EndOfInput}'\n{command.Input}{EndOfInput}\n" : command.Script)
        + (NeedsInput(command) ? "" : " </dev/null");

    /// <summary>Whether the command must be fed its input after it has started.</summary>
    public static bool NeedsInput(NodeCommand command) => !string.IsNullOrEmpty(command.Input) && !CarriesInput(command);

    /// <summary>The program and arguments for this machine.</summary>
    public static (string File, IReadOnlyList<string> Arguments) Local(NodeCommand command) =>
        command.AsRoot && Environment.UserName != Root ? ("sudo", ["-n", "sh", "-c", command.Script]) : ("sh", ["-c", command.Script]);

    private static bool CarriesInput(NodeCommand command) =>
        command is { IsInputPublic: true, Input: { Length: > 0 } input }
        && input.EndsWith('\n')
        && input.Length + command.Script.Length < LongestCarrier
        && !input.Contains(EndOfInput, StringComparison.Ordinal);

    /// <summary>Quotes a text as one word for a POSIX shell.</summary>
    public static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
