namespace SwarmOps.Transport;

/// <summary>A command for a node's host.</summary>
/// <param name="Script">A POSIX shell script. It is sent as text of the command line: never put a secret into it.</param>
internal sealed record NodeCommand(string Script)
{
    /// <summary>What the script reads from its standard input; the place for secrets and for file contents.</summary>
    public string? Input { get; init; }

    /// <summary>Whether it needs root: run through <c>sudo -n</c> when the user is another.</summary>
    public bool AsRoot { get; init; }

    /// <summary>How long it may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The script alone: the input may be a secret.</summary>
    public override string ToString() => Script;
}
