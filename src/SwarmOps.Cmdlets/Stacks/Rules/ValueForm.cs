using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Rules;

/// <summary>The syntax of a value.</summary>
/// <param name="Name">What it is called in docs/compose.md.</param>
/// <param name="Check">Throws a <see cref="StackValueException"/> if the value has another syntax.</param>
internal sealed record ValueForm(string Name, Action<YamlScalar> Check)
{
    /// <summary>A form whose parser gives a value, which is parsed again where it is used.</summary>
    public static ValueForm Of<T>(string name, Func<string, T> parse) => new(name, scalar => _ = parse(scalar.Text));
}
