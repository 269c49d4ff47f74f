using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace SwarmOps.Pipeline;

/// <summary>Converts parameters of the service cmdlets for the operations.</summary>
internal static class NameFilters
{
    /// <summary>Wildcard patterns for names, case-insensitive.</summary>
    public static IReadOnlyList<NameFilter> From(IEnumerable<string> names) => [.. names.Select(From)];

    /// <summary>A hashtable of labels as strings.</summary>
    public static IReadOnlyDictionary<string, string> Labels(IDictionary table) => table.Cast<DictionaryEntry>().ToDictionary(
        entry => Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "",
        entry => Convert.ToString(entry.Value, CultureInfo.InvariantCulture) ?? "");

    private static NameFilter From(string name)
    {
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
        return new NameFilter(name, WildcardPattern.ContainsWildcardCharacters(name), pattern.IsMatch);
    }
}
