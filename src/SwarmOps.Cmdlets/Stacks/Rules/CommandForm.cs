using System.Text;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Rules;

/// <summary>A command in one text, split into words as a shell does, without running one: quotes, and backslashes before special characters.</summary>
internal static class CommandForm
{
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var has = false;
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            switch (letter)
            {
                case '\'' or '"':
                    has = true;
                    at = Quoted(text, at, word);
                    break;
                case '\\':
                    if (++at == text.Length)
                        throw new StackValueException(
                            $"The command '{YamlScalar.Shown(text)}' ends with a backslash.",
                            "Write it as a list: [\"program\", \"argument\"]."
                        );
                    has = true;
                    word.Append(text[at]);
                    break;
                case ' ' or '\t' or '\r' or '\n':
                    if (has)
                        words.Add(word.ToString());
                    word.Clear();
                    has = false;
                    break;
                default:
                    has = true;
                    word.Append(letter);
                    break;
            }
        }

        if (has)
            words.Add(word.ToString());
        return words;
    }

    /// <summary>Appends what is in quotes; the index of the closing one.</summary>
    private static int Quoted(string text, int open, StringBuilder word)
    {
        for (var at = open + 1; at < text.Length; at++)
        {
            if (text[at] == text[open])
                return at;
            if (text[at] == '\\' && text[open] == '"' && at + 1 < text.Length && text[at + 1] is '"' or '\\' or '$' or '`')
                at++;
            word.Append(text[at]);
        }

        throw new StackValueException(
            $"A quote ({text[open]}) is not closed in '{YamlScalar.Shown(text)}'.",
            "Close it, or write the command as a list: [\"program\", \"argument\"]."
        );
    }
}
