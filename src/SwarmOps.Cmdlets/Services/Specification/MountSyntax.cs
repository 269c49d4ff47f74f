using System.Globalization;
using System.Text.RegularExpressions;

namespace SwarmOps.Services.Specification;

/// <summary>The syntax of -Mount: <c>/host/path:/path</c>, <c>volume:/path</c>, optionally with <c>:ro</c>; of -Tmpfs: <c>/path:size=64m:mode=1777</c>.</summary>
internal static partial class MountSyntax
{
    /// <summary>Parses a bind or volume mount.</summary>
    /// <exception cref="SwarmOpsException"><c>MountInvalid</c>, <c>MountTargetInvalid</c>, <c>MountSourceInvalid</c>, <c>MountOptionUnknown</c>.</exception>
    public static ServiceMount Parse(string text)
    {
        var parts = text.Split(':');
        if (parts.Length is < 2 or > 3)
            throw ServiceErrors.MountInvalid(text);
        var isBind = parts[0].StartsWith('/');
        if (!isBind && !VolumePattern().IsMatch(parts[0]))
            throw ServiceErrors.MountSourceInvalid(text, parts[0]);
        if (isBind && parts[0].Split('/').Contains(".."))
            throw ServiceErrors.MountSourceInvalid(text, parts[0]);
        CheckTarget(text, parts[1]);
        var isReadOnly =
            parts.Length == 3
            && parts[2] switch
            {
                "ro" => true,
                "rw" => false,
                var option => throw ServiceErrors.MountOptionUnknown(text, option),
            };
        return new ServiceMount(isBind ? "bind" : "volume", parts[0], parts[1], isReadOnly);
    }

    /// <summary>Parses a tmpfs mount.</summary>
    /// <exception cref="SwarmOpsException"><c>MountTargetInvalid</c>, <c>MountOptionUnknown</c>, <c>TmpfsOptionInvalid</c>.</exception>
    public static ServiceMount ParseTmpfs(string text)
    {
        var at = text.IndexOf(':', StringComparison.Ordinal);
        var target = at < 0 ? text : text[..at];
        CheckTarget(text, target);
        var mount = new ServiceMount("tmpfs", null, target, ReadOnly: false);
        foreach (var option in at < 0 ? [] : text[(at + 1)..].Split(':'))
        {
            mount = option.Split('=') switch
            {
                ["size", var size] => mount with { TmpfsSize = Size(text, size) },
                ["mode", var mode] => mount with
                {
                    TmpfsMode = OctalMode.Parse(mode) ?? throw ServiceErrors.TmpfsOptionInvalid(text, option),
                },
                _ => throw ServiceErrors.MountOptionUnknown(text, option),
            };
        }

        return mount;
    }

    private static void CheckTarget(string text, string target)
    {
        if (!target.StartsWith('/') || target.Trim('/').Length == 0 || target.Split('/').Contains(".."))
            throw ServiceErrors.MountTargetInvalid(text, target);
    }

    private static long Size(string text, string size)
    {
        var match = SizePattern().Match(size);
        if (!match.Success || !long.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw ServiceErrors.TmpfsOptionInvalid(text, "size=" + size);
        return match.Groups[2].Value.ToLowerInvariant() switch
        {
            "k" => number << 10,
            "m" => number << 20,
            "g" => number << 30,
            _ => number,
        };
    }

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex VolumePattern();

    [GeneratedRegex("^([0-9]{1,12})([kKmMgG]?)\\z", RegexOptions.CultureInvariant)]
    private static partial Regex SizePattern();
}
