using System.Management.Automation.Runspaces;

namespace SwarmOps.Host;

/// <summary>The command line of the host, read the way pwsh reads its own.</summary>
internal sealed record HostArguments
{
    /// <summary>What <c>-Help</c> prints.</summary>
    public const string Usage = """
        A small PowerShell host for machines without pwsh: the real engine with the cmdlets of Microsoft.PowerShell.Core.

        SwarmOps.Host [-NoProfile] [-NonInteractive] [-File] <script.ps1> [arguments]
        SwarmOps.Host [-NoProfile] [-NonInteractive] -Command <command line | ->
        SwarmOps.Host -Version | -Help

          -File            Runs a script with the arguments that follow; its 'exit N' is the exit code.
          -Command         Runs the rest of the line as PowerShell, or what stdin holds when it is '-'.
          -NoProfile       Accepted for compatibility: no profile is ever read.
          -NonInteractive  Prompts fail with an error instead of waiting for an answer.
        """;

    /// <summary>What to do.</summary>
    public required HostMode Mode { get; init; }

    /// <summary>The full path of the script, or the text of the command line; empty for the other modes.</summary>
    public string Script { get; init; } = "";

    /// <summary>The arguments for the script, named and positional, in order.</summary>
    public IReadOnlyList<CommandParameter> ScriptArguments { get; init; } = [];

    /// <summary>True when prompts must fail.</summary>
    public bool NonInteractive { get; init; }

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="ArgumentException">An argument is unknown, incomplete, or the script does not exist.</exception>
    public static HostArguments Parse(IReadOnlyList<string> arguments)
    {
        var nonInteractive = false;
        for (var index = 0; index < arguments.Count; index++)
        {
            string[] rest = [.. arguments.Skip(index + 1)];
            switch (arguments[index].ToUpperInvariant())
            {
                case "-NOPROFILE" or "-NOP" or "-NOLOGO":
                    break;
                case "-NONINTERACTIVE" or "-NONI":
                    nonInteractive = true;
                    break;
                case "-VERSION" or "-V" or "--VERSION":
                    return new HostArguments { Mode = HostMode.Version };
                case "-HELP" or "-H" or "-?" or "--HELP":
                    return new HostArguments { Mode = HostMode.Help };
                case "-COMMAND" or "-C":
                    return ForCommand(rest) with { NonInteractive = nonInteractive };
                case "-FILE" or "-F":
                    return ForFile(rest) with { NonInteractive = nonInteractive };
                case var option when option.StartsWith('-'):
                    throw new ArgumentException($"'{arguments[index]}' is not an argument of this host.");
                default:
                    return ForFile([.. arguments.Skip(index)]) with { NonInteractive = nonInteractive };
            }
        }

        throw new ArgumentException("Nothing to run: name a script or give -Command. This host has no interactive prompt.");
    }

    private static HostArguments ForCommand(string[] words)
    {
        if (words.Length == 0)
            throw new ArgumentException("-Command needs a command line, or '-' to read it from stdin.");

        return new HostArguments { Mode = HostMode.Command, Script = words is ["-"] ? Console.In.ReadToEnd() : string.Join(' ', words) };
    }

    private static HostArguments ForFile(string[] words)
    {
        if (words.Length == 0)
            throw new ArgumentException("-File needs the path of a script.");

        var path = Path.GetFullPath(words[0]);
        if (!File.Exists(path))
            throw new ArgumentException($"The script '{words[0]}' does not exist.");
        if (!path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"The script '{words[0]}' has no '.ps1' extension.");

        return new HostArguments { Mode = HostMode.File, Script = path, ScriptArguments = [.. words.Skip(1).Select(ToParameter)] };
    }

    /// <summary>
    /// One word of the command line as the engine takes it: a leading dash makes it a parameter's name (the engine then takes the next
    /// word as its value if the parameter wants one), <c>-Name:value</c> carries its value along, everything else is positional.
    /// </summary>
    private static CommandParameter ToParameter(string word)
    {
        if (word.Length < 2 || word[0] != '-' || !(char.IsLetter(word[1]) || word[1] == '_'))
            return new CommandParameter(null, word);

        var colon = word.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || colon == word.Length - 1)
            return new CommandParameter(word.TrimEnd(':'));

        object value = word[(colon + 1)..];
        if (value is string text && text.TrimStart('$') is var literal && bool.TryParse(literal, out var flag) && text.StartsWith('$'))
            value = flag;
        return new CommandParameter(word[..colon], value);
    }
}
