using System.Text.RegularExpressions;

namespace SwarmOps.Services.Stored;

/// <summary>Validation of secrets and configs that needs no node.</summary>
internal static partial class StoredRules
{
    /// <summary>The longest name that swarmkit accepts, minus the suffix of a version (<c>-v999</c>).</summary>
    public const int LongestName = 64 - 5;

    /// <summary>Checks a name: letters, digits, <c>-</c>, <c>_</c>, <c>.</c>, a letter or digit at both ends (swarmkit, control API).</summary>
    /// <exception cref="SwarmOpsException"><c>StoredNameInvalid</c>, <c>StoredNameTooLong</c>.</exception>
    public static void CheckName(StoredKind kind, string name)
    {
        if (!NamePattern().IsMatch(name))
            throw StoredErrors.StoredNameInvalid(kind, name);
        if (name.Length > LongestName)
            throw StoredErrors.StoredNameTooLong(kind, name);
    }

    /// <summary>Checks a size in bytes.</summary>
    /// <exception cref="SwarmOpsException"><c>StoredValueEmpty</c>, <c>StoredValueTooLarge</c>.</exception>
    public static void CheckSize(StoredKind kind, string name, int size)
    {
        if (size == 0)
            throw StoredErrors.StoredValueEmpty(kind, name);
        if (size > kind.LargestSize)
            throw StoredErrors.StoredValueTooLarge(kind, name, size, $"the maximum is {kind.LargestSize} bytes");
    }

    /// <summary>Checks labels.</summary>
    /// <exception cref="SwarmOpsException"><c>StoredLabelInvalid</c>, <c>StoredLabelReserved</c>.</exception>
    public static void CheckLabels(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var key in labels.Keys)
        {
            if (string.IsNullOrWhiteSpace(key) || key.Contains('=', StringComparison.Ordinal))
                throw StoredErrors.StoredLabelInvalid(key);
            if (IsReserved(key))
                throw StoredErrors.StoredLabelReserved(key);
        }
    }

    /// <summary>Whether a label is one that the module sets.</summary>
    public static bool IsReserved(string key) => key is StoredItem.NameLabel or StoredItem.VersionLabel or StoredItem.MadeLabel;

    [GeneratedRegex("^[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
