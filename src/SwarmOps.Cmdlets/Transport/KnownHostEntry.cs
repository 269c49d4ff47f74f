using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;

namespace SwarmOps.Transport;

/// <summary>One line of a known_hosts file.</summary>
/// <param name="Patterns">Names with wildcards, negated names, or one hashed name.</param>
/// <param name="KeyType">Type of the key, such as <c>ssh-ed25519</c>.</param>
/// <param name="Key">The public key in base64.</param>
/// <param name="Revoked">Whether the line forbids the key.</param>
internal sealed record KnownHostEntry(IReadOnlyList<string> Patterns, string KeyType, string Key, bool Revoked)
{
    private const string RevokedMarker = "@revoked";
    private const string HashMagic = "|1|";

    /// <summary>Reads a line; null when it holds no key of a host.</summary>
    public static KnownHostEntry? Parse(string line)
    {
        var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words[0].StartsWith('#'))
            return null;
        var revoked = words[0] == RevokedMarker;
        if (words[0].StartsWith('@') && !revoked)
            return null;
        var rest = revoked ? words[1..] : words;
        return rest.Length < 3 ? null : new KnownHostEntry(rest[0].Split(','), rest[1], rest[2], revoked);
    }

    /// <summary>Whether the line is about a host.</summary>
    /// <param name="name">The host's name or address; with <c>[name]:port</c> for another port than 22.</param>
    public bool Matches(string name)
    {
        var matched = false;
        foreach (var pattern in Patterns)
        {
            if (pattern.StartsWith('!') && MatchesPattern(pattern[1..], name))
                return false;
            matched |= MatchesPattern(pattern, name);
        }

        return matched;
    }

    private static bool MatchesPattern(string pattern, string name) =>
        pattern.StartsWith(HashMagic, StringComparison.Ordinal)
            ? MatchesHash(pattern, name)
            : FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "", StringComparison.Ordinal), name, ignoreCase: true);

    private static bool MatchesHash(string pattern, string name)
    {
        var parts = pattern.Split('|');
        if (parts.Length != 4)
            return false;
        try
        {
#pragma warning disable CA5350 // HMAC-SHA1 is what OpenSSH's HashKnownHosts defines; it hides names, it protects nothing.
            var hash = HMACSHA1.HashData(Convert.FromBase64String(parts[2]), Encoding.UTF8.GetBytes(name.ToLowerInvariant()));
#pragma warning restore CA5350
            return CryptographicOperations.FixedTimeEquals(hash, Convert.FromBase64String(parts[3]));
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
