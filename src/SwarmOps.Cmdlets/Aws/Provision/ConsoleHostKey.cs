using System.Text.RegularExpressions;

namespace SwarmOps.Aws.Provision;

/// <summary>
/// Finds the SSH host key's fingerprint in an instance's console output, between the lines that cloud-init and the module's user data print. The console output comes
/// through AWS's API, so the key is known before the first connection.
/// </summary>
internal static partial class ConsoleHostKey
{
    /// <summary>Beginning of the block, as printed by cloud-init (helpers "write-ssh-key-fingerprints").</summary>
    public const string Begin = "-----BEGIN SSH HOST KEY FINGERPRINTS-----";

    /// <summary>End of the block.</summary>
    public const string End = "-----END SSH HOST KEY FINGERPRINTS-----";

    /// <summary>The key types in order of preference when connecting.</summary>
    private static readonly string[] Preference = ["ED25519", "ECDSA", "RSA"];

    /// <summary>
    /// The fingerprint of the best key of the first complete block, <c>SHA256:</c> and unpadded base64; null while there is none. The first block is printed
    /// during the first boot, before anything else runs on the host.
    /// </summary>
    public static string? Find(string? console)
    {
        foreach (Match block in Block().Matches(console ?? ""))
        {
            var keys = Line().Matches(block.Groups[1].Value).ToLookup(line => line.Groups["type"].Value, line => line.Groups["key"].Value);
            if (Preference.SelectMany(type => keys[type]).FirstOrDefault() is { } found)
                return found;
        }

        return null;
    }

    /// <summary>A second beginning without an end restarts the block, since a reboot can cut it.</summary>
    [GeneratedRegex(
        "-----BEGIN SSH HOST KEY FINGERPRINTS-----((?:(?!-----BEGIN SSH HOST KEY FINGERPRINTS-----).)*?)-----END SSH HOST KEY FINGERPRINTS-----",
        RegexOptions.Singleline
    )]
    private static partial Regex Block();

    /// <summary>A line of <c>ssh-keygen -l</c>, possibly with a logger's prefix; the comment may be any text.</summary>
    [GeneratedRegex(@"\b[0-9]{2,5} (?<key>SHA256:[A-Za-z0-9+/]{43})=? [^\r\n]*\((?<type>ED25519|ECDSA|RSA)\)")]
    private static partial Regex Line();
}
