using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace SwarmOps.Pipeline;

/// <summary>Converts parameters of the service cmdlets for the operations.</summary>
internal static class NameFilters
{
    /// <summary>Wildcard patterns for names, case-insensitive.</summary>
    public static IReadOnlyList<NameFilter> From(IEnumerable<string> names) => [.. names.Select(From)];

    /// <summary>The items with the requested names, or all if none is requested. A name without wildcards that no item has is written as an error.</summary>
    /// <param name="names">The requested names.</param>
    /// <param name="context">Where errors are written.</param>
    /// <param name="all">All items.</param>
    /// <param name="nameOf">An item's name.</param>
    /// <param name="missing">The error for a name that no item has.</param>
    public static IEnumerable<T> Choose<T>(
        this IReadOnlyList<NameFilter> names,
        IOperationContext context,
        IReadOnlyCollection<T> all,
        Func<T, string> nameOf,
        Func<string, SwarmOpsException> missing
    )
    {
        foreach (var name in names.Where(name => !name.IsPattern && !all.Any(item => name.Matches(nameOf(item)))))
            context.WriteError(missing(name.Text));
        return all.Where(item => names.Count == 0 || names.Any(name => name.Matches(nameOf(item))));
    }

    /// <summary>A hashtable of labels as strings.</summary>
    public static IReadOnlyDictionary<string, string> Labels(IDictionary table) =>
        table
            .Cast<DictionaryEntry>()
            .ToDictionary(
                entry => Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "",
                entry => Convert.ToString(entry.Value, CultureInfo.InvariantCulture) ?? ""
            );

    private static NameFilter From(string name)
    {
        var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return new NameFilter(name, WildcardPattern.ContainsWildcardCharacters(name), pattern.IsMatch);
    }
}
