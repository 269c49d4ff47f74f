namespace SwarmOps.Transport;

/// <summary>How a script becomes a command line.</summary>
internal static class ShellCommand
{
    /// <summary>The command line for a remote shell.</summary>
    public static string Remote(NodeCommand command, string user) => command.AsRoot && user != "root"
        ? $"sudo -n sh -c {Quote(command.Script)}"
        : $"sh -c {Quote(command.Script)}";

    /// <summary>The program and arguments for this machine.</summary>
    public static (string File, IReadOnlyList<string> Arguments) Local(NodeCommand command) => command.AsRoot && Environment.UserName != "root"
        ? ("sudo", ["-n", "sh", "-c", command.Script])
        : ("sh", ["-c", command.Script]);

    /// <summary>One word for a POSIX shell, whatever it holds.</summary>
    public static string Quote(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
