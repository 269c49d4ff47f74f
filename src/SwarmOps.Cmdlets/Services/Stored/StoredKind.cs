namespace SwarmOps.Services.Stored;

/// <summary>The kinds of objects that the swarm stores for services in its raft log.</summary>
/// <param name="Noun">The noun in messages.</param>
/// <param name="CmdletNoun">The noun in cmdlet names.</param>
/// <param name="Path">The path in the engine's API.</param>
/// <param name="LargestSize">Maximum size in bytes that every engine accepts.</param>
internal sealed record StoredKind(string Noun, string CmdletNoun, string Path, int LargestSize)
{
    /// <summary>A secret: less than 500 KiB (swarmkit, <c>MaxSecretSize</c>).</summary>
    public static readonly StoredKind Secret = new("secret", "SwarmSecret", "/secrets", (500 * 1024) - 1);

    /// <summary>A config: at most 1000 KiB (swarmkit, <c>MaxConfigSize</c>; seen with engine 20.10.24).</summary>
    public static readonly StoredKind Config = new("config", "SwarmConfig", "/configs", 1000 * 1024);

    /// <summary>The noun at the beginning of a sentence.</summary>
    public string Title => char.ToUpperInvariant(Noun[0]) + Noun[1..];

    /// <summary>Whether the value can never be read back.</summary>
    public bool IsSecret => this == Secret;
}
