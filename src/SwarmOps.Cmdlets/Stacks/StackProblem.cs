using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks;

/// <summary>Something wrong in a Compose file, and what to write instead.</summary>
/// <param name="At">Where it is.</param>
/// <param name="Message">What is wrong, with the key and the value as written.</param>
/// <param name="Remedy">What to write instead.</param>
internal sealed record StackProblem(SourcePosition At, string Message, string Remedy)
{
    /// <summary><c>compose.yaml:12:5: message Remedy.</c></summary>
    public override string ToString() => $"{At}: {Message} {Remedy}";
}
