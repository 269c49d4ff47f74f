using System.Text.RegularExpressions;

namespace SwarmOps.Transport;

/// <summary>Masks possible secrets in text for people (<c>-WhatIf</c>, <c>-Verbose</c>, errors): names stay, values become <see cref="Mask"/>.</summary>
internal static partial class Masking
{
    /// <summary>The replacement of a value.</summary>
    public const string Mask = "***";

    /// <summary>Shorter values would mask half of every text, and are not secure secrets.</summary>
    private const int ShortestKnown = 4;

    /// <summary>Masks everything that looks like a credential: <c>name=value</c> and similar where the name says so, users in URLs, tokens, keys.</summary>
    public static string Text(string text) => Text(text, []);

    /// <summary>The same, and also masks the given secret values wherever they occur.</summary>
    /// <param name="text">The text.</param>
    /// <param name="known">The values.</param>
    public static string Text(string text, IEnumerable<string> known)
    {
        foreach (var value in known.Where(value => value.Length >= ShortestKnown).Distinct().OrderByDescending(value => value.Length))
            text = text.Replace(value, Mask, StringComparison.Ordinal);
        text = PrivateKey().Replace(text, Mask);
        text = UserOfUrl().Replace(text, $"$1{Mask}@");
        text = Authorization().Replace(text, $"$1{Mask}");
        text = Named().Replace(text, $"$1{Mask}");
        text = SqlPassword().Replace(text, $"$1'{Mask}'");
        return Token().Replace(text, Mask);
    }

    /// <summary>Whether a name suggests that its value is a secret.</summary>
    public static bool IsSecretName(string name) => SecretName().IsMatch(name);

    /// <summary>Whether a value looks like a credential, whatever it is called: a hashed password, a token, a URL with a user.</summary>
    public static bool IsSecretValue(string value) => Text(value) != value || PasswordHash().IsMatch(value);

    /// <summary>Words in names of secrets. The short ones match only as whole words: not in "unauthorized" or "bypass".</summary>
    private const string Secret =
        "(?:passw(?:or)?d|passphrase|pwd|secret|token|credential|api[-_.]?key|access[-_.]?key|private[-_.]?key|license[-_.]?key|hmac|signature|(?<![a-z])(?:pass|auth)(?![a-z]))";

    /// <summary>A quoted value or a word, except words that only tell whether there is one ("using password: YES").</summary>
    private const string ValuePattern = "(?!(?:YES|NO|true|false|null|none)\\b)(?:\"[^\"]*\"|'[^']*'|[^\\s,;\"'\\)\\]]+)";

    [GeneratedRegex(Secret, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    /// <summary><c>DB_PASSWORD=x</c>, <c>--password x</c>, <c>"apiKey": "x"</c>, <c>password: x</c>.</summary>
    [GeneratedRegex(
        "([\\w.-]*" + Secret + "[\\w.-]*[\"']?(?:\\s*[=:]\\s*|(?<=--[\\w.-]*)\\s+))" + ValuePattern,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Named();

    [GeneratedRegex("""([a-z][a-z0-9+.-]*://)[^/\s@"']+@""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UserOfUrl();

    [GeneratedRegex("""((?:Bearer|Basic)\s+)[A-Za-z0-9+/=._~-]{16,}""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Authorization();

    [GeneratedRegex(
        """((?:IDENTIFIED\s+(?:BY|WITH\s+\S+\s+(?:AS|BY))|PASSWORD\s*\()\s*(?:PASSWORD\s*)?)['"][^'"]*['"]""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex SqlPassword();

    [GeneratedRegex(
        "-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
        RegexOptions.Singleline | RegexOptions.CultureInvariant
    )]
    private static partial Regex PrivateKey();

    /// <summary>Swarm tokens and unlock keys, AWS keys, GitHub's and GitLab's tokens, web tokens.</summary>
    [GeneratedRegex(
        @"\b(?:SWMTKN-1-[0-9a-z-]+|SWMKEY-1-[A-Za-z0-9+/=]+|A(?:KI|SI)A[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|glpat-[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Token();

    /// <summary>Password hashes of <c>htpasswd</c> and <c>crypt</c>, as in labels for reverse proxies.</summary>
    [GeneratedRegex(@"\$(?:apr1|2[aby]?|5|6|y|argon2[a-z]*)\$|\{SHA\}", RegexOptions.CultureInvariant)]
    private static partial Regex PasswordHash();
}
