namespace SwarmOps.Stacks.Rules;

/// <summary>A key of the Compose file: one row of the table that validates files and makes docs/compose.md.</summary>
/// <param name="Path">The path: <c>*</c> is any name, <c>[]</c> an item of a list.</param>
/// <param name="Types">The types that it takes.</param>
internal sealed record KeyRule(string Path, ValueTypes Types)
{
    public Support Support { get; init; }

    /// <summary>How it is honoured, or why it is refused: a sentence of docs/compose.md. A row without one belongs to the row above it.</summary>
    public string How { get; init; } = "";

    /// <summary>What to write in place of a refused key.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>The syntax of the value, beyond its type.</summary>
    public ValueForm? Form { get; init; }

    /// <summary>The only values, if they are a fixed set.</summary>
    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>Values of a refused key that ask for nothing, such as <c>privileged: false</c>.</summary>
    public IReadOnlyList<string> Harmless { get; init; } = [];

    public MergeRule Merge { get; init; }

    /// <summary>Whether a list must not have an item twice.</summary>
    public bool IsUnique { get; init; }

    /// <summary>Keys that a mapping must have.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Whether a mapping takes extensions (<c>x-</c>).</summary>
    public bool TakesExtensions { get; init; } = true;

    /// <summary>The form of the names in an open mapping.</summary>
    public ValueForm? Names { get; init; }
}
