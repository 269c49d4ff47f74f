using System.Text.RegularExpressions;

namespace SwarmOps.HelpBuilder;

/// <summary>The words of one cmdlet's help, read from its page. Texts are paragraphs.</summary>
internal sealed record HelpPage
{
    /// <summary>The file it was read from, for messages.</summary>
    public required string File { get; init; }

    /// <summary>The cmdlet's name: the heading of the page.</summary>
    public required string Name { get; init; }

    /// <summary>One line.</summary>
    public IReadOnlyList<string> Synopsis { get; init; } = [];

    /// <summary>What it does, and what it promises.</summary>
    public IReadOnlyList<string> Description { get; init; } = [];

    /// <summary>The examples, in order.</summary>
    public IReadOnlyList<HelpExample> Examples { get; init; } = [];

    /// <summary>The texts of the parameters, under their names without the dash.</summary>
    public IReadOnlyList<HelpEntry> Parameters { get; init; } = [];

    /// <summary>The types that can be piped in.</summary>
    public IReadOnlyList<HelpEntry> Inputs { get; init; } = [];

    /// <summary>The types that come out.</summary>
    public IReadOnlyList<HelpEntry> Outputs { get; init; } = [];

    /// <summary>What else a user should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Where to read on.</summary>
    public IReadOnlyList<HelpLink> Links { get; init; } = [];

    /// <summary>Headings that no help has: a misspelt section would otherwise vanish in silence.</summary>
    public IReadOnlyList<string> UnknownSections { get; init; } = [];
}

/// <summary>An example: its title, the code, and what it shows.</summary>
internal sealed record HelpExample(string Title, string Code, IReadOnlyList<string> Remarks);

/// <summary>A text with a heading of its own: a parameter, an input or an output type.</summary>
internal sealed partial record HelpEntry(string Name, IReadOnlyList<string> Text)
{
    /// <summary>The value in a sentence such as <c>The default is 60.</c> or <c>Default: 60.</c>, or null.</summary>
    public string? Default =>
        Text.Select(paragraph => DefaultSentence().Match(paragraph)).FirstOrDefault(match => match.Success)?.Groups["value"].Value;

    [GeneratedRegex(@"(?:\bThe default is|^Default:)\s+(?<value>.+?)(?:[.;,]?$|[.;,]\s)")]
    private static partial Regex DefaultSentence();
}

/// <summary>A link: its text, and its address where it leads out of the module.</summary>
internal sealed record HelpLink(string Text, string Address);
