namespace SwarmOps.Transport;

/// <summary>A command for a node's host.</summary>
/// <param name="Script">A POSIX shell script. It is part of the command line: it must not contain secrets.</param>
internal sealed record NodeCommand(string Script)
{
    /// <summary>Standard input of the script; secrets and file contents belong here.</summary>
    public string? Input { get; init; }

    /// <summary>Whether the input may be part of the command line, which saves a round trip over SSH: for texts that are no secret and end with a line end.</summary>
    public bool IsInputPublic { get; init; }

    /// <summary>Whether it needs root: run through <c>sudo -n</c> when the user is not root.</summary>
    public bool AsRoot { get; init; }

    /// <summary>Time limit.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The script only: the input may be a secret.</summary>
    public override string ToString() => Script;
}
