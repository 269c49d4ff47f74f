using System.Management.Automation.Host;

namespace SwarmOps.Host;

/// <summary>One choice of a prompt: the text to show, and the key that picks it (the letter after <c>&amp;</c>).</summary>
internal sealed record ChoiceLabel(string Key, string Text)
{
    /// <summary>Reads the label of a choice, such as <c>Yes to &amp;All</c>.</summary>
    public static ChoiceLabel Parse(ChoiceDescription choice)
    {
        var mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        var text = choice.Label.Replace("&", "", StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < choice.Label.Length
            ? new ChoiceLabel(choice.Label[(mark + 1)..(mark + 2)].ToUpperInvariant(), text)
            : new ChoiceLabel(text, text);
    }

    /// <summary>True when an answer means this choice: its key or its whole text, in any case.</summary>
    public bool Matches(string answer) =>
        answer.Equals(Key, StringComparison.OrdinalIgnoreCase) || answer.Equals(Text, StringComparison.OrdinalIgnoreCase);
}
