using System.Text;

namespace SwarmOps.Stacks.Reading;

/// <summary>A line of a file of variables; a null value is a name without one.</summary>
internal sealed record DotEnvLine(string Name, string? Value, int Line);

/// <summary>
/// The syntax of .env files and of env_file (Compose specification): <c>NAME=value</c>, <c>export</c>, comments, single quotes as they are, double quotes with
/// escapes and variables, values over several lines in quotes. The raw format takes everything after the equals sign as it is.
/// </summary>
internal sealed class DotEnvFile
{
    /// <summary>The most characters that all values may have together: a line can repeat those before it.</summary>
    private const long MostCharacters = 16 * 1024 * 1024;

    private readonly string text;
    private readonly Interpolation interpolation;
    private readonly Dictionary<string, string> earlier = new(StringComparer.Ordinal);
    private int at;
    private int line = 1;
    private long characters;

    private DotEnvFile(string text, Func<string, string?> lookup)
    {
        this.text = text;
        // What is set outside of the file wins, as it does when the file is used.
        interpolation = new Interpolation(name => lookup(name) ?? earlier.GetValueOrDefault(name));
    }

    /// <summary>Parses a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="lookup">The variables that its values may use.</param>
    /// <exception cref="DotEnvException">A line is invalid.</exception>
    public static IReadOnlyList<DotEnvLine> Parse(string text, Func<string, string?> lookup) => new DotEnvFile(Clean(text), lookup).Lines();

    /// <summary>Parses a file whose values are taken as they are.</summary>
    /// <exception cref="DotEnvException">A line is invalid.</exception>
    public static IReadOnlyList<DotEnvLine> ParseRaw(string text)
    {
        var found = new List<DotEnvLine>();
        var number = 0;
        foreach (var raw in Clean(text).Split('\n'))
        {
            number++;
            var line = raw.TrimStart();
            if (line.Length == 0 || line[0] == '#')
                continue;
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? line.TrimEnd() : line[..equals];
            CheckName(name, number);
            found.Add(new DotEnvLine(name, equals < 0 ? null : line[(equals + 1)..], number));
        }

        return found;
    }

    private static string Clean(string text) => text.TrimStart('\uFEFF').ReplaceLineEndings("\n");

    private List<DotEnvLine> Lines()
    {
        var found = new List<DotEnvLine>();
        while (true)
        {
            SkipBlank();
            if (at >= text.Length)
                return found;
            var start = line;
            var name = Name();
            var value = at < text.Length && text[at] is '=' or ':' ? Value() : null;
            if (value is not null)
                earlier[name] = value;
            if ((characters += value?.Length ?? 0) > MostCharacters)
                throw new DotEnvException(
                    start,
                    new StackValueException("The values of the file are too long together.", "Use fewer variables within variables.")
                );
            found.Add(new DotEnvLine(name, value, start));
        }
    }

    private void SkipBlank()
    {
        while (at < text.Length)
        {
            if (text[at] == '#')
                SkipLine();
            else if (char.IsWhiteSpace(text[at]))
                Step();
            else
                return;
        }
    }

    private void SkipLine()
    {
        while (at < text.Length && text[at] != '\n')
            at++;
    }

    private void Step()
    {
        if (text[at++] == '\n')
            line++;
    }

    private string Name()
    {
        var start = at;
        while (at < text.Length && text[at] is not ('=' or ':' or '\n' or '#'))
            at++;
        var name = text[start..at].Trim();
        if (name.StartsWith("export ", StringComparison.Ordinal) || name.StartsWith("export\t", StringComparison.Ordinal))
            name = name[7..].Trim();
        CheckName(name, line);
        if (at < text.Length && text[at] == '#')
            SkipLine();
        return name;
    }

    private static void CheckName(string name, int line)
    {
        if (name.Length == 0 || name.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is '"' or '\''))
            throw new DotEnvException(
                line,
                new StackValueException(
                    $"'{Yaml.YamlScalar.Shown(name)}' is not the name of a variable.",
                    "Write NAME=value, or # before a comment."
                )
            );
    }

    private string Value()
    {
        at++;
        while (at < text.Length && text[at] is ' ' or '\t')
            at++;
        if (at >= text.Length)
            return "";
        return text[at] switch
        {
            '\'' => Quoted('\''),
            '"' => Expanded(Quoted('"'), line),
            _ => Unquoted(),
        };
    }

    private string Unquoted()
    {
        var start = at;
        SkipLine();
        var value = text[start..at];
        // A comment begins after white space only: a#b is a value.
        for (var index = 0; index < value.Length; index++)
        {
            if (value[index] == '#' && (index == 0 || value[index - 1] is ' ' or '\t'))
            {
                value = value[..index];
                break;
            }
        }

        return Expanded(value.Trim(), line);
    }

    private string Quoted(char quote)
    {
        var start = line;
        var result = new StringBuilder();
        at++;
        while (at < text.Length)
        {
            var letter = text[at];
            if (letter == quote)
            {
                at++;
                AfterQuote();
                return result.ToString();
            }

            if (letter == '\\' && at + 1 < text.Length && (quote == '"' || text[at + 1] is '\'' or '\\'))
            {
                at++;
                result.Append(quote == '"' ? Escape(text[at]) : text[at].ToString());
                Step();
                continue;
            }

            result.Append(letter);
            Step();
        }

        throw new DotEnvException(
            start,
            new StackValueException($"The quote ({quote}) that opens the value is not closed.", $"Write {quote} at the end of the value.")
        );
    }

    private void AfterQuote()
    {
        var start = at;
        SkipLine();
        var rest = text[start..at].Trim();
        if (rest.Length > 0 && rest[0] != '#')
            throw new DotEnvException(
                line,
                new StackValueException(
                    $"'{Yaml.YamlScalar.Shown(rest)}' follows the closing quote.",
                    "Put the whole value into the quotes."
                )
            );
    }

    // An escaped dollar sign must not begin a variable.
    private static string Escape(char letter) =>
        letter switch
        {
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            '$' => "$$",
            '"' or '\\' => letter.ToString(),
            _ => "\\" + letter,
        };

    private string Expanded(string value, int number)
    {
        try
        {
            return interpolation.Expand(value);
        }
        catch (StackValueException exception)
        {
            throw new DotEnvException(number, exception);
        }
    }
}

/// <summary>A line of a file of variables that cannot be used.</summary>
internal sealed class DotEnvException(int line, StackValueException cause) : Exception(cause.Message, cause)
{
    public int Line { get; } = line;

    public StackValueException Cause { get; } = cause;
}
