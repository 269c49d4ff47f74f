using System.Collections;
using System.Globalization;
using System.Management.Automation;
using SwarmOps.Overlay;

namespace SwarmOps.Services;

/// <summary>How parameters of this stage's cmdlets become what its operations take.</summary>
internal static class NameFilters
{
    /// <summary>Names with wildcards, regardless of case.</summary>
    public static IReadOnlyList<NameFilter> From(IEnumerable<string> names) => [.. names.Select(From)];

    /// <summary>A table of labels as text.</summary>
    public static IReadOnlyDictionary<string, string> Labels(IDictionary table) => table.Cast<DictionaryEntry>().ToDictionary(
        entry => Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "",
        entry => Convert.ToString(entry.Value, CultureInfo.InvariantCulture) ?? "");

    private static NameFilter From(string name)
    {
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        return new NameFilter(name, WildcardPattern.ContainsWildcardCharacters(name), pattern.IsMatch);
    }
}
