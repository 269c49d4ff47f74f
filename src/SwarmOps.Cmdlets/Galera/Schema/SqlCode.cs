using System.Text;
using System.Text.RegularExpressions;

namespace SwarmOps.Galera.Schema;

/// <summary>Prepares SQL for a search of its keywords.</summary>
internal static partial class SqlCode
{
    /// <summary>
    /// The statements without comments, and without the content of strings unless the code runs strings as statements. The content of version comments (<c>/*! */</c>) is code.
    /// </summary>
    public static string Plain(string text)
    {
        var keepsStrings = RunsStrings().IsMatch(text);
        var plain = new StringBuilder(text.Length);
        var isVersioned = false;
        for (var index = 0; index < text.Length; index++)
        {
            var (here, next) = (text[index], index + 1 < text.Length ? text[index + 1] : '\0');
            if (here is '\'' or '"')
            {
                var end = EndOfQuoted(text, index);
                var content = text[(index + 1)..Math.Max(index + 1, end)];
                plain.Append(
                    keepsStrings ? $" {content} "
                    : Word().IsMatch(content) ? $"'{content}'"
                    : "''"
                );
                index = end;
            }
            else if (here == '`')
            {
                var end = EndOfQuoted(text, index);
                plain.Append(text, index, Math.Min(end + 1, text.Length) - index);
                index = end;
            }
            else if (here == '#' || (here == '-' && next == '-' && (index + 2 >= text.Length || char.IsWhiteSpace(text[index + 2]))))
            {
                index = EndOf(text, "\n", index);
                plain.Append('\n');
            }
            else if (here == '/' && next == '*')
            {
                if (VersionComment().Match(text, index) is { Success: true } version)
                {
                    isVersioned = true;
                    index += version.Length - 1;
                }
                else
                {
                    index = EndOf(text, "*/", index + 2) + 1;
                }

                plain.Append(' ');
            }
            else if (isVersioned && here == '*' && next == '/')
            {
                isVersioned = false;
                index++;
                plain.Append(' ');
            }
            else
            {
                plain.Append(here);
            }
        }

        return plain.ToString();
    }

    /// <summary>Position of the closing quote; the end of the text if there is none. A backslash escapes in strings, a doubled quote everywhere.</summary>
    private static int EndOfQuoted(string text, int begin)
    {
        for (var index = begin + 1; index < text.Length; index++)
        {
            if (text[index] == '\\' && text[begin] != '`')
                index++;
            else if (text[index] == text[begin])
            {
                if (index + 1 >= text.Length || text[index + 1] != text[begin])
                    return index;
                index++;
            }
        }

        return text.Length;
    }

    private static int EndOf(string text, string what, int begin)
    {
        var found = begin < text.Length ? text.IndexOf(what, begin, StringComparison.Ordinal) : -1;
        return found < 0 ? text.Length : found;
    }

    [GeneratedRegex(@"\b(PREPARE|EXECUTE\s+IMMEDIATE)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RunsStrings();

    /// <summary>A single word is the value of a setting, never a statement.</summary>
    [GeneratedRegex(@"^\w+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"\G/\*M?!\d*", RegexOptions.CultureInvariant)]
    private static partial Regex VersionComment();
}
