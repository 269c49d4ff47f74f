using System.Text;

namespace SwarmOps.Stacks.Reading;

/// <summary>
/// Replaces variables by the rules of the Compose specification: <c>$A</c>, <c>${A}</c>, <c>${A:-b}</c>, <c>${A-b}</c>, <c>${A:?e}</c>,
/// <c>${A?e}</c>, <c>${A:+r}</c>, <c>${A+r}</c>, nested; <c>$$</c> is a dollar sign.
/// </summary>
/// <param name="lookup">The value of a variable; null if it is not set.</param>
/// <param name="unset">Is told the name of each variable that is not set and has no default.</param>
internal sealed class Interpolation(Func<string, string?> lookup, Action<string>? unset = null)
{
    private const int MostLevels = 32;

    /// <summary>The most characters of a result: a variable can be large, and used often.</summary>
    private const int MostCharacters = 4 * 1024 * 1024;

    /// <summary>The text with its variables replaced.</summary>
    /// <exception cref="StackValueException">The syntax is invalid, or a required variable is missing.</exception>
    public string Expand(string text) => text.Contains('$', StringComparison.Ordinal) ? Expand(text, 0) : text;

    private string Expand(string text, int level)
    {
        if (level > MostLevels)
            throw new StackValueException($"Variables are nested deeper than {MostLevels} levels.", "Use fewer defaults within defaults.");
        var result = new StringBuilder(text.Length);
        var at = 0;
        while (at < text.Length)
        {
            var dollar = text.IndexOf('$', at);
            if (dollar < 0)
                break;
            result.Append(text, at, dollar - at);
            at = dollar + 1;
            var next = at < text.Length ? text[at] : '\0';
            if (next == '$')
            {
                result.Append('$');
                at++;
            }
            else if (next == '{')
            {
                var end = ClosingBrace(text, at + 1);
                result.Append(Braced(text[(at + 1)..end], level));
                at = end + 1;
            }
            else if (IsFirst(next))
            {
                var end = NameEnd(text, at);
                result.Append(Value(text[at..end]));
                at = end;
            }
            else
                throw Invalid(text[dollar..]);
            if (result.Length > MostCharacters)
                throw new StackValueException(
                    "Variables make more text than a value may have.",
                    "Put large values into files, and reference them under configs or secrets."
                );
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private string Braced(string inner, int level)
    {
        var end = inner.Length > 0 && IsFirst(inner[0]) ? NameEnd(inner, 0) : 0;
        if (end == 0)
            throw Invalid("${" + inner + "}");
        var name = inner[..end];
        var rest = inner[end..];
        if (rest.Length == 0)
            return Value(name);
        var orEmpty = rest[0] == ':';
        var sign = rest.Length > (orEmpty ? 1 : 0) ? rest[orEmpty ? 1 : 0] : '\0';
        if (sign is not ('-' or '?' or '+'))
            throw Invalid("${" + inner + "}");
        var word = rest[(orEmpty ? 2 : 1)..];
        var value = lookup(name);
        var has = orEmpty ? !string.IsNullOrEmpty(value) : value is not null;
        return sign switch
        {
            '-' => has ? value! : Expand(word, level + 1),
            '+' => has ? Expand(word, level + 1) : "",
            _ => has ? value! : throw Required(name, value is null, Expand(word, level + 1)),
        };
    }

    private string Value(string name)
    {
        if (lookup(name) is { } value)
            return value;
        unset?.Invoke(name);
        return "";
    }

    private static int ClosingBrace(string text, int from)
    {
        var open = 1;
        for (var at = from; at < text.Length; at++)
        {
            if (text[at] == '$' && at + 1 < text.Length && text[at + 1] is '{' or '$')
            {
                if (text[at + 1] == '{')
                    open++;
                at++;
            }
            else if (text[at] == '}' && --open == 0)
                return at;
        }

        throw Invalid("${" + text[from..]);
    }

    private static bool IsFirst(char letter) => char.IsAsciiLetter(letter) || letter == '_';

    private static int NameEnd(string text, int from)
    {
        var end = from;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            end++;
        return end;
    }

    private static StackValueException Required(string name, bool isUnset, string message) =>
        new(
            $"The variable {name} is {(isUnset ? "not set" : "empty")}, and the file requires it{(message.Length > 0 ? $": {Yaml.YamlScalar.Shown(message)}" : "")}.",
            $"Set {name} in the environment or in the .env file, or write a default: ${{{name}:-value}}."
        );

    private static StackValueException Invalid(string text) =>
        new(
            $"'{Yaml.YamlScalar.Shown(text)}' is not a variable.",
            "Write $$ for a dollar sign, or ${NAME}, ${NAME:-default}, ${NAME:?message} or ${NAME:+replacement} for a variable."
        );
}
