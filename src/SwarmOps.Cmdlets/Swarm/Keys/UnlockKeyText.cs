using System.Net;
using System.Security;
using System.Text.RegularExpressions;

namespace SwarmOps.Swarm.Keys;

/// <summary>An unlock key as text, which exists only while it is sent.</summary>
internal static partial class UnlockKeyText
{
    /// <summary>Reads it from what the user gave.</summary>
    /// <exception cref="SwarmOpsException"><c>UnlockKeyInvalid</c>.</exception>
    public static string Of(SecureString key) =>
        new NetworkCredential("", key).Password.Trim() is var text && Form().IsMatch(text) ? text : throw SwarmKeyErrors.UnlockKeyInvalid();

    /// <summary>Hides it.</summary>
    public static SecureString Hide(string key) => new NetworkCredential("", key).SecurePassword;

    /// <summary>32 bytes in base64 without padding (swarmkit, manager/encryption, <c>HumanReadableKey</c>).</summary>
    [GeneratedRegex("^SWMKEY-1-[A-Za-z0-9+/]{43}$")]
    private static partial Regex Form();
}
