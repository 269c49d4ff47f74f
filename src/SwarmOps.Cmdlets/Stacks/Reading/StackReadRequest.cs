namespace SwarmOps.Stacks.Reading;

/// <summary>Which files make a stack, and with what they are read.</summary>
/// <param name="Paths">The Compose files; later ones override earlier ones.</param>
internal sealed record StackReadRequest(IReadOnlyList<string> Paths)
{
    /// <summary>The name of the stack; null takes that of the file.</summary>
    public string? Name { get; init; }

    /// <summary>The folder that relative paths start from; null is that of the first file.</summary>
    public string? ProjectDirectory { get; init; }

    /// <summary>Files of variables in place of the project folder's .env.</summary>
    public IReadOnlyList<string>? EnvironmentFiles { get; init; }

    /// <summary>The variables of the session, which win over those of files.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Profiles whose services are part of the stack; null takes COMPOSE_PROFILES, and <c>*</c> is all.</summary>
    public IReadOnlyList<string>? Profiles { get; init; }

    /// <summary>An overlay network of the swarm that is the stack's network <c>default</c>; null for one of its own.</summary>
    public string? DefaultNetwork { get; init; }

    /// <summary>Whether keys that a swarm cannot honour are left out with a note each, and are not problems.</summary>
    public bool AllowIgnored { get; init; }
}
