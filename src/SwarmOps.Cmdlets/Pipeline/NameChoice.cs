namespace SwarmOps.Pipeline;

/// <summary>Chooses objects by name while they are read, and knows which of the requested names none had.</summary>
/// <param name="names">The requested names; none requests all.</param>
internal sealed class NameChoice(IReadOnlyList<NameFilter> names)
{
    private readonly HashSet<NameFilter> missing = [.. names.Where(name => !name.IsPattern)];

    /// <summary>The requested names without wildcards that no object had so far.</summary>
    public IEnumerable<string> Missing => names.Where(missing.Contains).Select(name => name.Text);

    /// <summary>Whether an object is requested.</summary>
    /// <param name="given">Its name.</param>
    /// <param name="other">Another name by which it is known; null when it has none.</param>
    public bool Takes(string given, string? other = null)
    {
        var isRequested = names.Count == 0;
        foreach (var name in names)
        {
            if (!name.Matches(given) && (other is null || !name.Matches(other)))
                continue;
            isRequested = true;
            missing.Remove(name);
        }

        return isRequested;
    }
}
