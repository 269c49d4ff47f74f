namespace SwarmOps.Nodes.Keys;

/// <summary>The content of a file <c>authorized_keys</c> (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"). Lines that are not concerned stay as they are.</summary>
/// <param name="Text">The content.</param>
internal sealed record AuthorizedKeys(string Text)
{
    private const string Comment = "swarmops";

    /// <summary>Whether a key may be used.</summary>
    public bool Has(SshPublicKey key) => Lines.Any(line => IsOf(line, key));

    /// <summary>The same, and a new key with the options of an old one, such as <c>from=</c>.</summary>
    public AuthorizedKeys With(SshPublicKey added, SshPublicKey old) =>
        new((Text.Length == 0 || Text.EndsWith('\n') ? Text : Text + "\n") + $"{OptionsOf(old)}{added.Type} {added.Data} {Comment}\n");

    /// <summary>The same without a key.</summary>
    public AuthorizedKeys Without(SshPublicKey key) =>
        new(string.Concat(Lines.Where(line => !IsOf(line, key)).Select(line => line + "\n")));

    private IEnumerable<string> Lines => (Text.EndsWith('\n') ? Text[..^1] : Text).Split('\n');

    private string OptionsOf(SshPublicKey key)
    {
        var line = Lines.First(line => IsOf(line, key));
        return line[..line.LastIndexOf(key.Type, line.IndexOf(key.Data, StringComparison.Ordinal), StringComparison.Ordinal)].TrimStart();
    }

    /// <summary>The key is a word of its own, behind its type; in a comment line it is none.</summary>
    private static bool IsOf(string line, SshPublicKey key) =>
        !line.TrimStart().StartsWith('#')
        && line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) is var words
        && Array.IndexOf(words, key.Data) is > 0 and var at
        && words[at - 1] == key.Type;
}
