using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace SwarmOps.Aws.Provision;

/// <summary>Parses parameters with a value for each region, since ids of AMIs and subnets are valid in one region only.</summary>
internal static class RegionalValues
{
    /// <summary>The key of a value without a region.</summary>
    public const string AnyRegion = "*";

    /// <summary>The values of each region; a region without values is left out.</summary>
    /// <exception cref="SwarmOpsException"><c>RegionNotAskedFor</c>, <c>RegionalValueAmbiguous</c>.</exception>
    public static Dictionary<string, IReadOnlyList<string>> Read(string parameter, IDictionary table, IReadOnlyList<string> regions)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in table)
        {
            var region = Text(entry.Key);
            var ids = Texts(entry.Value);
            if (ids.Count == 0)
                continue;
            if (region == AnyRegion)
                region = regions.Count == 1 ? regions[0] : throw ProvisionErrors.RegionalValueAmbiguous(parameter, string.Join(", ", ids));
            if (!regions.Contains(region))
                throw ProvisionErrors.RegionNotAskedFor(parameter, region, regions);
            values[region] = ids;
        }

        return values;
    }

    private static List<string> Texts(object? value)
    {
        var plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        return plain is not string and IEnumerable list ? [.. list.Cast<object?>().Select(Text).Where(text => text.Length > 0)]
            : Text(plain) is { Length: > 0 } single ? [single]
            : [];
    }

    private static string Text(object? value) =>
        (Convert.ToString(value is PSObject wrapped ? wrapped.BaseObject : value, CultureInfo.InvariantCulture) ?? "").Trim();
}
