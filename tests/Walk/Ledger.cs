using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Walk;

/// <summary>Which secrets, configs and services must be there: what was acknowledged stays until its removal was asked for.</summary>
internal sealed partial class Ledger
{
    private readonly Dictionary<(string Kind, string Name), bool> mustBeThere = [];

    /// <summary>Notes the objects that are there from the beginning.</summary>
    public void Begin()
    {
        foreach (var item in new[] { ("secret", "pw"), ("secret", "kept"), ("config", "conf"), ("config", "kept"), ("service", "web") })
            mustBeThere[item] = true;
    }

    /// <summary>Notes what a line came to. One that failed or was killed may have done it, or not.</summary>
    public void Note(Effect? effect, LineOutcome outcome)
    {
        if (effect is null)
            return;
        var key = (effect.Kind, effect.Name);
        if (effect.IsRemoval)
            mustBeThere[key] = false;
        else if (outcome.Succeeded)
            mustBeThere[key] = true;
    }

    /// <summary>What is missing of one kind.</summary>
    public IReadOnlyList<string> Missing(string kind, IEnumerable<string> names)
    {
        var present = names.Select(name => Version().Replace(name, "")).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. mustBeThere
                .Where(entry => entry.Value && entry.Key.Kind == kind && !present.Contains(entry.Key.Name))
                .Select(entry => entry.Key.Name)
                .Order(StringComparer.Ordinal),
        ];
    }

    public int Count(string kind) => mustBeThere.Count(entry => entry.Value && entry.Key.Kind == kind);

    [GeneratedRegex(@"-v\d+$")]
    private static partial Regex Version();
}
