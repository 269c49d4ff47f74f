using System.Collections;
using System.Globalization;
using Docker.DotNet.Models;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Swarm.Members;

/// <summary>The changes to the specs of members.</summary>
/// <param name="Availability">The availability; null leaves it unchanged.</param>
/// <param name="Set">Labels to set.</param>
/// <param name="Remove">Labels to remove.</param>
internal sealed record NodeSettings(
    SwarmNodeAvailability? Availability,
    IReadOnlyDictionary<string, string> Set,
    IReadOnlyCollection<string> Remove
)
{
    /// <summary>Checks the user's input.</summary>
    /// <exception cref="SwarmOpsException"><c>NothingToSet</c>, <c>AvailabilityInvalid</c>, <c>NodeLabelInvalid</c>, <c>LabelConflict</c>.</exception>
    public static NodeSettings Create(
        SwarmNodeAvailability? availability,
        IDictionary? labels,
        IReadOnlyList<string> remove,
        string? region,
        string? zone
    )
    {
        if (availability is { } given && !Enum.IsDefined(given))
            throw ManagerErrors.AvailabilityInvalid(given);
        var set = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry label in labels ?? new Hashtable())
            Add(set, LabelName(label.Key), LabelValue(label));
        if (region is not null)
            Add(set, SwarmNodeMapper.RegionLabel, LabelValue(new DictionaryEntry(SwarmNodeMapper.RegionLabel, region)));
        if (zone is not null)
            Add(set, SwarmNodeMapper.ZoneLabel, LabelValue(new DictionaryEntry(SwarmNodeMapper.ZoneLabel, zone)));
        var names = remove.Select(LabelName).ToHashSet(StringComparer.Ordinal);
        if (names.FirstOrDefault(set.ContainsKey) is { } both)
            throw ManagerErrors.LabelConflict(both, "is both set and removed");
        if (availability is null && set.Count == 0 && names.Count == 0)
            throw ManagerErrors.NothingToSet();
        return new NodeSettings(availability, set, names);
    }

    /// <summary>The changes that a spec needs, as text; empty when there are none.</summary>
    public IReadOnlyList<string> Differences(NodeUpdateParameters spec)
    {
        var words = new List<string>();
        if (Availability is { } wanted && spec.Availability != Word(wanted))
            words.Add($"availability {Word(wanted)} (was {spec.Availability})");
        foreach (var (name, value) in Set)
        {
            if (!TryGet(spec, name, out var present))
                words.Add($"label {name}={value}");
            else if (present != value)
                words.Add($"label {name}={value} (was {present})");
        }

        words.AddRange(
            Remove.Where(name => TryGet(spec, name, out _)).Order(StringComparer.Ordinal).Select(name => $"remove label {name}")
        );
        return words;
    }

    /// <summary>Applies the changes to a spec.</summary>
    /// <returns>Whether anything was changed.</returns>
    public bool ApplyTo(NodeUpdateParameters spec)
    {
        if (Differences(spec).Count == 0)
            return false;
        if (Availability is { } wanted)
            spec.Availability = Word(wanted);
        foreach (var (name, value) in Set)
            spec.Labels[name] = value;
        foreach (var name in Remove)
            spec.Labels.Remove(name);
        return true;
    }

    private static string Word(SwarmNodeAvailability availability) => availability.ToString().ToLowerInvariant();

    private static bool TryGet(NodeUpdateParameters spec, string name, out string value)
    {
        value = "";
        return spec.Labels is { } labels && labels.TryGetValue(name, out value!);
    }

    private static void Add(SortedDictionary<string, string> set, string name, string value)
    {
        if (!set.TryAdd(name, value))
            throw ManagerErrors.LabelConflict(name, "is specified twice");
    }

    /// <summary>What <c>node.labels.NAME</c> in a placement constraint can name (swarmkit, <c>constraint.Parse</c>).</summary>
    private static string LabelName(object key)
    {
        var name = Convert.ToString(key, CultureInfo.InvariantCulture) ?? "";
        if (
            name.Length == 0
            || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or '/')
            || !char.IsAsciiLetterOrDigit(name[0])
        )
            throw ManagerErrors.NodeLabelInvalid(
                name,
                "the name must consist of letters, digits and . - _ / and begin with a letter or digit"
            );
        return name;
    }

    private static string LabelValue(DictionaryEntry label)
    {
        var text = label.Value switch
        {
            null => "",
            string given => given,
            IConvertible or Guid => Convert.ToString(label.Value, CultureInfo.InvariantCulture)!,
            _ => throw ManagerErrors.NodeLabelInvalid($"{label.Key}", $"its value is a {label.Value.GetType().Name}, not a string"),
        };
        return text.Any(char.IsControl)
            ? throw ManagerErrors.NodeLabelInvalid($"{label.Key}", "its value contains a control character")
            : text;
    }
}
