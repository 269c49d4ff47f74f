using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Reading;

/// <summary>Replaces the variables in all values of a file.</summary>
internal sealed class TreeInterpolation(SourceFile file, StackProblems problems)
{
    /// <summary>The most characters that replaced variables may give: a variable can be large, and used often.</summary>
    private const long MostCharacters = 16 * 1024 * 1024;

    private readonly Dictionary<YamlNode, YamlNode> done = new(ReferenceEqualityComparer.Instance);
    private long characters;
    private bool isFull;

    public YamlNode Apply(YamlNode node)
    {
        // A node that aliases share is replaced once.
        if (done.TryGetValue(node, out var replaced))
            return replaced;
        replaced = node switch
        {
            YamlScalar scalar => Scalar(scalar),
            YamlSequence list => new YamlSequence(list.At, [.. list.Items.Select(Apply)], list.Tag),
            YamlMapping map => new YamlMapping(
                map.At,
                [.. map.Entries.Select(entry => entry with { Value = Apply(entry.Value) })],
                map.Tag
            ),
            _ => node,
        };
        done.Add(node, replaced);
        return replaced;
    }

    private YamlNode Scalar(YamlScalar scalar)
    {
        if (!scalar.Text.Contains('$', StringComparison.Ordinal) || isFull)
            return scalar;
        try
        {
            var interpolation = new Interpolation(
                file.Lookup,
                name =>
                    problems.Note(
                        scalar.At,
                        $"The variable {name} is not set; an empty text is used.",
                        $"Set {name}, or write ${{{name}:-}} if it may be empty."
                    )
            );
            var text = interpolation.Expand(scalar.Text);
            if ((characters += text.Length) > MostCharacters)
            {
                isFull = true;
                throw new StackValueException(
                    "Variables make more text than a Compose file may have.",
                    "Put large values into files, and reference them under configs or secrets."
                );
            }

            return new YamlScalar(scalar.At, text, YamlKind.String, scalar.Tag, isInterpolated: true);
        }
        catch (StackValueException exception)
        {
            problems.Add(scalar.At, exception);
            return new YamlInvalid(scalar.At);
        }
    }
}
