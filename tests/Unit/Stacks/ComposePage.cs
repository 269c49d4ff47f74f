using System.Text;
using SwarmOps.Stacks.Rules;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>docs/compose.md from the rows of the table.</summary>
internal static class ComposePage
{
    private static readonly (string Title, string Prefix)[] Sections =
    [
        ("The file", ""),
        ("Services", "services.*."),
        ("Deploy", "services.*.deploy"),
        ("Networks", "networks.*."),
        ("Volumes", "volumes.*."),
        ("Secrets", "secrets.*."),
        ("Configs", "configs.*."),
    ];

    /// <summary>The table of all keys in Markdown.</summary>
    public static string Tables()
    {
        var page = new StringBuilder();
        foreach (var group in RuleTable.All.Where(rule => rule.How.Length > 0).GroupBy(SectionOf).OrderBy(group => group.Key))
        {
            var (title, prefix) = Sections[group.Key];
            page.Append(page.Length == 0 ? "" : "\n")
                .Append("### ")
                .Append(title)
                .Append("\n\n| key | value | what SwarmOps does |\n|---|---|---|\n");
            foreach (var rule in group.OrderBy(rule => rule.Path, StringComparer.Ordinal))
                page.Append("| `")
                    .Append(Key(rule.Path, prefix))
                    .Append("` | ")
                    .Append(Value(rule))
                    .Append(" | ")
                    .Append(What(rule))
                    .Append(" |\n");
        }

        return page.ToString();
    }

    private static int SectionOf(KeyRule rule) =>
        Array.FindLastIndex(
            Sections,
            section => section.Prefix.Length == 0 || rule.Path.StartsWith(section.Prefix, StringComparison.Ordinal)
        );

    private static string Key(string path, string prefix)
    {
        var start = prefix == "services.*.deploy" ? "services.*." : prefix;
        return path[start.Length..].Replace("*", "<name>", StringComparison.Ordinal);
    }

    private static string Value(KeyRule rule)
    {
        var text = TypeWords.Of(rule.Types);
        if (rule.Values is { } values)
            return $"{text}: {string.Join(", ", values)}";
        return rule.Form is { } form && form != Forms.NotEmpty && form != Forms.PlainText && form != Forms.Flag
            ? $"{text}: {form.Name}"
            : text;
    }

    private static string What(KeyRule rule)
    {
        var how = rule.How.Replace("|", "\\|", StringComparison.Ordinal);
        return rule.Support switch
        {
            Support.Honoured => how + Merged(rule),
            Support.Accepted => $"accepted: {how}",
            _ => $"**refused**: {how} {rule.Remedy.Replace("|", "\\|", StringComparison.Ordinal)}{Harmless(rule)}",
        };
    }

    private static string Harmless(KeyRule rule) =>
        rule.Harmless.Where(value => value.Length > 0).ToList() is { Count: > 0 } values
            ? $" ({string.Join(", ", values)} is accepted.)"
            : "";

    private static string Merged(KeyRule rule) =>
        rule.Merge switch
        {
            MergeRule.Replace => " A later file replaces it.",
            MergeRule.ByName or MergeRule.Names => " A later file overrides it by name.",
            MergeRule.ByTarget => " A later file overrides entries by their path in the container.",
            MergeRule.ByPort => " A later file adds ports.",
            MergeRule.Texts or MergeRule.Hosts => " A later file adds to it.",
            MergeRule.Logging => " A later file with another driver replaces it.",
            _ => "",
        };
}
