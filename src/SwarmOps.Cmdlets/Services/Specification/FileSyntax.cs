using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace SwarmOps.Services.Specification;

/// <summary>The syntax of -Secret and -Config: a name, <c>name:target</c>, or a table with Source, Target, Uid, Gid and Mode.</summary>
internal static class FileSyntax
{
    private static readonly string[] Keys = ["Source", "Target", "Uid", "Gid", "Mode"];

    /// <summary>Parses a secret or config.</summary>
    /// <param name="kind">Secret or config, for error messages.</param>
    /// <param name="given">A string, a hashtable, or an object with a name.</param>
    /// <exception cref="SwarmOpsException"><c>FileReferenceInvalid</c>, <c>FileReferenceKeyUnknown</c>, <c>FileModeInvalid</c>, <c>FileOwnerInvalid</c>, <c>SecretTargetInvalid</c>.</exception>
    public static FileReference Parse(string kind, object? given) =>
        given switch
        {
            PSObject wrapped => Parse(kind, wrapped.BaseObject),
            string text => FromText(kind, text),
            IDictionary table => FromTable(kind, table),
            SwarmSecret secret => FromText(kind, secret.Name),
            SwarmConfig config => FromText(kind, config.Name),
            _ => throw ServiceErrors.FileReferenceInvalid(kind, given?.ToString() ?? ""),
        };

    private static FileReference FromText(string kind, string text)
    {
        var parts = text.Split(':');
        if (parts.Length > 2 || parts.Any(part => part.Trim().Length == 0))
            throw ServiceErrors.FileReferenceInvalid(kind, text);
        return Create(kind, parts[0], parts.Length == 2 ? parts[1] : parts[0], "0", "0", OctalMode.ReadableByAll);
    }

    private static FileReference FromTable(string kind, IDictionary table)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in table)
        {
            var key = Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "";
            if (!Keys.Contains(key, StringComparer.OrdinalIgnoreCase))
                throw ServiceErrors.FileReferenceKeyUnknown(kind, key);
            values[key] = Convert.ToString(entry.Value, CultureInfo.InvariantCulture) ?? "";
        }

        var source = values.GetValueOrDefault("Source", "");
        if (source.Length == 0)
            throw ServiceErrors.FileReferenceInvalid(kind, "a hashtable without Source");
        var mode = values.TryGetValue("Mode", out var text)
            ? OctalMode.Parse(text) ?? throw ServiceErrors.FileModeInvalid(kind, source, text)
            : OctalMode.ReadableByAll;
        return Create(
            kind,
            source,
            values.GetValueOrDefault("Target", source),
            Owner(kind, source, values, "Uid"),
            Owner(kind, source, values, "Gid"),
            mode
        );
    }

    private static string Owner(string kind, string source, Dictionary<string, string> values, string key)
    {
        if (!values.TryGetValue(key, out var text))
            return "0";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? text
            : throw ServiceErrors.FileOwnerInvalid(kind, source, key, text);
    }

    private static FileReference Create(string kind, string source, string target, string uid, string gid, int mode)
    {
        if (target.Split('/').Contains("..") || target.EndsWith('/'))
            throw ServiceErrors.FileTargetInvalid(kind, source, target);
        return new FileReference(source, target, uid, gid, mode);
    }
}
