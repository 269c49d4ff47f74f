using System.Text.RegularExpressions;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Rules;

/// <summary>Names in the Compose file.</summary>
internal static partial class NameForm
{
    /// <summary>The longest name of a service in a swarm.</summary>
    public const int LongestService = 63;

    public static bool IsObjectName(string text) => ObjectPattern().IsMatch(text);

    /// <summary>A name of a service, which the name of the stack is put before.</summary>
    public static string Service(string text) =>
        text.Length <= LongestService && ServicePattern().IsMatch(text)
            ? text
            : throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' cannot be the name of a service: a swarm takes letters, digits, '-' and '_', with a letter or digit at both ends, at most {LongestService}.",
                "Rename it, for example 'web-1'; references in depends_on must follow."
            );

    /// <summary>A key of networks, volumes, secrets or configs.</summary>
    public static string Object(string text) =>
        IsObjectName(text)
            ? text
            : throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' cannot be a name: it takes letters, digits, '_', '.' and '-', and begins with a letter or digit.",
                "Rename it here and where it is used."
            );

    /// <summary>The name of a container.</summary>
    public static string Container(string text) =>
        text.Length > 1 && IsObjectName(text)
            ? text
            : throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' cannot be the name of a container.",
                "Use at least two letters, digits, '_', '.' or '-', beginning with a letter or digit."
            );

    /// <summary>The name of a stack.</summary>
    public static string Stack(string text) =>
        StackPattern().IsMatch(text)
            ? text
            : throw new StackValueException(
                $"'{YamlScalar.Shown(text)}' cannot be the name of a stack.",
                "Use lower-case letters, digits, '-' and '_', beginning with a letter or digit."
            );

    [GeneratedRegex("^[a-zA-Z0-9][a-zA-Z0-9_.-]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ObjectPattern();

    [GeneratedRegex("^[a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ServicePattern();

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex StackPattern();
}
