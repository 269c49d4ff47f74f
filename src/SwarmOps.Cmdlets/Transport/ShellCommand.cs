namespace SwarmOps.Transport;

/// <summary>Builds command lines.</summary>
internal static class ShellCommand
{
    private const string Root = "root";

    /// <summary>The command line for a remote shell. Without input, standard input is /dev/null, since the channel's is never closed.</summary>
    public static string Remote(NodeCommand command, string user) =>
        (command.AsRoot && user != Root ? "sudo -n " : "")
        + "sh -c "
        + Quote(command.Script)
        + (string.IsNullOrEmpty(command.Input) ? " </dev/null" : "");

    /// <summary>The program and arguments for this machine.</summary>
    public static (string File, IReadOnlyList<string> Arguments) Local(NodeCommand command) =>
        command.AsRoot && Environment.UserName != Root ? ("sudo", ["-n", "sh", "-c", command.Script]) : ("sh", ["-c", command.Script]);

    /// <summary>Quotes a text as one word for a POSIX shell.</summary>
    public static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
