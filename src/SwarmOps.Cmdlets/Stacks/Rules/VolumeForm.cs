using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Rules;

/// <summary>A mount as it is written in the short form.</summary>
internal sealed record ShortVolume(string Type, string? Source, string Target)
{
    public bool ReadOnly { get; init; }

    public bool NoCopy { get; init; }

    public string? Propagation { get; init; }

    public string? Consistency { get; init; }

    /// <summary>z or Z.</summary>
    public string? Selinux { get; init; }
}

/// <summary>The short form of volumes: <c>[source:]target[:options]</c>.</summary>
internal static class VolumeForm
{
    private static readonly string[] Propagations = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];
    private static readonly string[] Consistencies = ["consistent", "cached", "delegated"];

    private const string Example = "Write \"/path/in/container\", \"volume:/path\" or \"/path/on/host:/path:ro\".";

    public static ShortVolume Parse(string text)
    {
        var parts = Split(text);
        if (parts.Count > 3 || parts.Any(part => part.Length == 0))
            throw new StackValueException($"'{YamlScalar.Shown(text)}' is not a volume.", Example);
        if (parts.Count == 1)
            return new ShortVolume("volume", null, Target(parts[0]));
        var isBind = IsPath(parts[0]);
        if (!isBind && !NameForm.IsObjectName(parts[0]))
            throw new StackValueException(
                $"'{YamlScalar.Shown(parts[0])}' is neither a path nor the name of a volume.",
                "Begin a path with / or ./; a name has letters, digits, '_', '.' and '-'."
            );
        var volume = new ShortVolume(isBind ? "bind" : "volume", parts[0], Target(parts[1]));
        return parts.Count == 2 ? volume : parts[2].Split(',').Aggregate(volume, WithOption);
    }

    /// <summary>A path in the container.</summary>
    public static string Target(string text)
    {
        var isWindows = IsDrive(text);
        if (!isWindows && !text.StartsWith('/') && !text.StartsWith("\\\\", StringComparison.Ordinal))
            throw new StackValueException($"The path '{YamlScalar.Shown(text)}' in the container is not absolute.", "Begin it with /.");
        if (text.Trim('/').Length == 0)
            throw new StackValueException("A mount cannot replace the root of the container.", "Write a path below /.");
        return text;
    }

    /// <summary>Whether a source is a path and not the name of a volume.</summary>
    public static bool IsPath(string text) => text.Length > 0 && (text[0] is '.' or '/' or '~' or '\\' || IsDrive(text));

    private static bool IsDrive(string text) => text.Length >= 3 && char.IsAsciiLetter(text[0]) && text[1] == ':' && text[2] is '\\' or '/';

    private static ShortVolume WithOption(ShortVolume volume, string option) =>
        option switch
        {
            "ro" => volume with { ReadOnly = true },
            "rw" => volume,
            "nocopy" => volume with { NoCopy = true },
            "z" or "Z" => volume with { Selinux = option },
            _ when Propagations.Contains(option) => volume with { Propagation = option },
            _ when Consistencies.Contains(option) => volume with { Consistency = option },
            _ => throw new StackValueException(
                $"'{YamlScalar.Shown(option)}' is not an option of a mount.",
                "Write ro, rw, nocopy, or a propagation such as rslave."
            ),
        };

    /// <summary>Splits at colons that are not part of a Windows drive.</summary>
    private static List<string> Split(string text)
    {
        var parts = new List<string>();
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && (text[at] != ':' || IsColonOfDrive(text, start, at)))
                continue;
            parts.Add(text[start..at]);
            start = at + 1;
        }

        return parts;
    }

    /// <summary>
    /// Whether a colon belongs to a Windows drive. <c>d:\data</c> is a path, and <c>d:/data</c> is the volume d, unless another path follows, as in <c>d:/data:/data</c>.
    /// </summary>
    private static bool IsColonOfDrive(string text, int start, int at) =>
        at - start == 1 && IsDrive(text[start..]) && (text[at + 1] == '\\' || start > 0 || IsFollowedByPath(text, at + 1));

    private static bool IsFollowedByPath(string text, int from) =>
        text.IndexOf(':', from) is var next and > 0 && text[(next + 1)..] is var rest && (rest.StartsWith('/') || IsDrive(rest));
}
