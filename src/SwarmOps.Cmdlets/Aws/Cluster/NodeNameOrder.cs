namespace SwarmOps.Aws.Cluster;

/// <summary>Natural order of names: <c>shop-2</c> before <c>shop-10</c>.</summary>
internal sealed class NodeNameOrder : IComparer<string>
{
    /// <summary>The shared instance.</summary>
    public static readonly NodeNameOrder Comparer = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var (left, right) = (Split(x ?? ""), Split(y ?? ""));
        var byText = string.CompareOrdinal(left.Text, right.Text);
        return byText != 0 ? byText : left.Number.CompareTo(right.Number);
    }

    private static (string Text, long Number) Split(string name)
    {
        var text = name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return long.TryParse(name.AsSpan(text.Length), out var number) ? (text, number) : (name, 0);
    }
}
