using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace SwarmOps.Transport;

/// <summary>What a known_hosts file says of a key.</summary>
internal enum KnownHostMatch
{
    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>It is the host's key.</summary>
    Match,

    /// <summary>The host has another key.</summary>
    Mismatch,

    /// <summary>The key must not be trusted.</summary>
    Revoked,
}

/// <summary>A known_hosts file in OpenSSH's format (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): patterns, negation, ports, hashed names, revoked keys.</summary>
internal sealed class KnownHostsFile
{
    private const int DefaultPort = 22;
    private static readonly ConcurrentDictionary<string, object> WriteLocks = new(StringComparer.Ordinal);

    private readonly List<Entry> entries;

    private KnownHostsFile(string path, List<Entry> entries)
    {
        Path = path;
        this.entries = entries;
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>Reads a file; one that is not there is empty.</summary>
    /// <param name="path">Its path; null means the user's own, <c>~/.ssh/known_hosts</c>.</param>
    public static KnownHostsFile Read(string? path)
    {
        path = string.IsNullOrEmpty(path)
            ? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh", "known_hosts")
            : System.IO.Path.GetFullPath(path);
        var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        return new KnownHostsFile(path, [.. lines.Select(Entry.Parse).OfType<Entry>()]);
    }

    /// <summary>The types of the keys that are known for a host.</summary>
    public IReadOnlySet<string> KeyTypes(string host, int port) =>
        entries.Where(entry => !entry.Revoked && entry.Matches(NameOf(host, port))).Select(entry => entry.KeyType).ToHashSet(StringComparer.Ordinal);

    /// <summary>What the file says of a key.</summary>
    public KnownHostMatch Find(string host, int port, string keyType, byte[] key)
    {
        var text = Convert.ToBase64String(key);
        var name = NameOf(host, port);
        var ofHost = entries.Where(entry => entry.Matches(name)).ToList();
        if (ofHost.Any(entry => entry.Revoked && entry.Key == text))
            return KnownHostMatch.Revoked;
        if (ofHost.Any(entry => !entry.Revoked && entry.Key == text))
            return KnownHostMatch.Match;
        // Like OpenSSH: another key of any type makes the host a known one, and then a new key is not "new" but "changed".
        return ofHost.Exists(entry => !entry.Revoked && (entry.KeyType == keyType || ofHost.Count > 0)) ? KnownHostMatch.Mismatch : KnownHostMatch.Unknown;
    }

    /// <summary>Adds a host's key.</summary>
    public bool TryAdd(string host, int port, string keyType, byte[] key, out string why)
    {
        try
        {
            lock (WriteLocks.GetOrAdd(Path, static _ => new object()))
            {
                if (System.IO.Path.GetDirectoryName(Path) is { Length: > 0 } folder)
                    Directory.CreateDirectory(folder);
                File.AppendAllText(Path, $"{NameOf(host, port)} {keyType} {Convert.ToBase64String(key)}\n");
            }

            why = "";
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            why = exception.Message;
            return false;
        }
    }

    private static string NameOf(string host, int port) => port == DefaultPort ? host : $"[{host}]:{port}";

    /// <summary>One line.</summary>
    private sealed record Entry(string[] Patterns, string KeyType, string Key, bool Revoked)
    {
        public static Entry? Parse(string line)
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#'))
                return null;
            var marker = words[0].StartsWith('@') ? words[0] : null;
            // Certificate authorities are not supported: such a line knows no key of the host itself.
            if (marker is not (null or "@revoked"))
                return null;
            var rest = marker is null ? words : words[1..];
            return rest.Length < 3 ? null : new Entry(rest[0].Split(','), rest[1], rest[2], marker is not null);
        }

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

        private static bool MatchesPattern(string pattern, string name) => pattern.StartsWith("|1|", StringComparison.Ordinal)
            ? MatchesHash(pattern, name)
            : System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "", StringComparison.Ordinal), name, ignoreCase: true);

        private static bool MatchesHash(string pattern, string name)
        {
            var parts = pattern.Split('|');
            if (parts.Length != 4)
                return false;
            try
            {
#pragma warning disable CA5350 // HMAC-SHA1 is what OpenSSH's HashKnownHosts defines; it hides names, it protects nothing.
                var hash = HMACSHA1.HashData(Convert.FromBase64String(parts[2]), Encoding.UTF8.GetBytes(name));
#pragma warning restore CA5350
                return CryptographicOperations.FixedTimeEquals(hash, Convert.FromBase64String(parts[3]));
            }
            catch (FormatException)
            {
                return false;
            }
        }
    }
}
