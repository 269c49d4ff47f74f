namespace SwarmOps.Transport;

/// <summary>A program to run in a container that exists.</summary>
/// <param name="Command">The program and its arguments.</param>
internal sealed record ContainerProgram(IReadOnlyList<string> Command)
{
    /// <summary>The user that it runs as, as <c>docker exec --user</c> takes it; null for the container's own.</summary>
    public string? User { get; init; }

    /// <summary>Its working directory; null for the container's own.</summary>
    public string? Directory { get; init; }

    /// <summary>Further environment variables; secrets belong here.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it gets a terminal, and what is typed there.</summary>
    public bool HasTerminal { get; init; }
}
