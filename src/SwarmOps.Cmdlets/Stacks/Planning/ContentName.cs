using System.Security.Cryptography;
using System.Text;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Model;

namespace SwarmOps.Stacks.Planning;

/// <summary>The names of secrets and configs with a hash of what they hold: another content is another object, and the same content is found again.</summary>
internal static class ContentName
{
    /// <summary>The longest name that swarmkit accepts.</summary>
    private const int Longest = 64;

    private const int HashBytes = 6;

    /// <summary>Everybody who may list secrets sees the hash, so guessing values by it is made expensive.</summary>
    private const int SecretRounds = 100_000;

    /// <summary>The name of an object.</summary>
    /// <param name="kind">Secret or config.</param>
    /// <param name="name">The name without a hash.</param>
    /// <param name="file">What it holds.</param>
    /// <param name="labels">Its labels, which are part of the hash: an object cannot be changed while services use it.</param>
    /// <param name="swarmId">The swarm: the same secret has another hash in another swarm.</param>
    public static string Of(StoredKind kind, string name, StackFileObject file, IReadOnlyDictionary<string, string?> labels, string swarmId)
    {
        var content = Content(file, labels);
        try
        {
            var hash = kind.IsSecret
                ? Rfc2898DeriveBytes.Pbkdf2(
                    content,
                    Encoding.UTF8.GetBytes($"swarmops {swarmId} {name}"),
                    SecretRounds,
                    HashAlgorithmName.SHA256,
                    HashBytes
                )
                : SHA256.HashData(content)[..HashBytes];
            var suffix = "-" + Convert.ToHexString(hash).ToLowerInvariant();
            return name[..Math.Min(name.Length, Longest - suffix.Length)] + suffix;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>Tells within a process what has the same name. It is quick, so it is never shown.</summary>
    public static string Digest(
        StoredKind kind,
        string name,
        StackFileObject file,
        IReadOnlyDictionary<string, string?> labels,
        string swarmId
    )
    {
        var content = Content(file, labels);
        try
        {
            return $"{kind.Path} {swarmId} {name} {Convert.ToHexString(SHA256.HashData(content))}";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    private static byte[] Content(StackFileObject file, IReadOnlyDictionary<string, string?> labels)
    {
        var text = new StringBuilder();
        Add(text, file.TemplateDriver ?? "");
        Add(text, file.Driver ?? "");
        foreach (var option in file.DriverOptions.OrderBy(option => option.Key, StringComparer.Ordinal))
            Add(Add(text, option.Key), option.Value);
        foreach (var label in labels.OrderBy(label => label.Key, StringComparer.Ordinal))
            Add(Add(text, label.Key), label.Value ?? "");
        return [.. Encoding.UTF8.GetBytes(text.ToString()), .. file.Value is { } value ? value.Bytes.ToArray() : []];
    }

    /// <summary>A part with its length before it, so that different parts never join to the same text.</summary>
    private static StringBuilder Add(StringBuilder text, string part) => text.Append(part.Length).Append(':').Append(part);
}
