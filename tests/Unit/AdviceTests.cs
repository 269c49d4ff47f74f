using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using SwarmOps.Pipeline;

namespace SwarmOps.Tests.Unit;

/// <summary>Every command line that the product writes, in errors, warnings, help, docs and examples, names cmdlets and parameters that exist.</summary>
public sealed partial class AdviceTests
{
    /// <summary>What the documentation names because it is not there.</summary>
    private static readonly string[] Absent = ["Join-SwarmAsManager"];

    private static readonly Dictionary<string, HashSet<string>> Cmdlets = typeof(AsyncCmdlet)
        .Assembly.GetExportedTypes()
        .Select(type => (Type: type, Name: type.GetCustomAttribute<CmdletAttribute>(inherit: false)))
        .Where(cmdlet => cmdlet.Name is not null && !cmdlet.Type.IsAbstract)
        .ToDictionary(
            cmdlet => $"{cmdlet.Name!.VerbName}-{cmdlet.Name.NounName}",
            cmdlet => Parameters(cmdlet.Type),
            StringComparer.OrdinalIgnoreCase
        );

    private static readonly HashSet<string> Every = new(Cmdlets.Values.SelectMany(names => names), StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void Every_sentence_of_the_code_names_parameters_that_exist()
    {
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach (
            var file in Directory.EnumerateFiles(
                Path.Combine(DocumentedErrorTests.Root, "src", "SwarmOps.Cmdlets"),
                "*.cs",
                SearchOption.AllDirectories
            )
        )
        {
            var code = DocComment().Replace(File.ReadAllText(file), "");
            foreach (var text in Literal().Matches(code).Select(match => match.Groups[1].Value).Where(text => !Shell().IsMatch(text)))
                wrong.UnionWith(Wrong(text, isCode: false).Select(problem => $"{Path.GetFileName(file)}: {problem}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_line_of_the_documentation_names_parameters_that_exist()
    {
        var root = DocumentedErrorTests.Root;
        var files = Directory
            .EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(root, "examples"), "*.md", SearchOption.AllDirectories))
            .Append(Path.Combine(root, "README.md"))
            .Where(file => !Path.GetFileName(file).StartsWith('_'));
        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var text = File.ReadAllText(file);
            var blocks = Fence().Matches(text).Select(match => match.Groups[1].Value);
            var prose = Fence().Replace(text, "");
            var lines = blocks
                .Concat(Span().Matches(prose).Select(match => match.Groups[1].Value))
                .SelectMany(code => Wrong(code, isCode: true));
            wrong.UnionWith(
                lines.Concat(Wrong(Span().Replace(prose, "X"), isCode: false)).Select(problem => $"{Path.GetFileName(file)}: {problem}")
            );
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_line_of_the_examples_names_parameters_that_exist()
    {
        var scripts = Directory.EnumerateFiles(Path.Combine(DocumentedErrorTests.Root, "examples"), "*.ps1", SearchOption.AllDirectories);
        Assert.Empty(
            scripts.SelectMany(file =>
                Wrong(File.ReadAllText(file), isCode: true).Select(problem => $"{Path.GetFileName(file)}: {problem}")
            )
        );
    }

    /// <summary>What it finds: a wrong one of each kind.</summary>
    [Theory]
    [InlineData("Set-SwarmNode -Name a", "Set-SwarmNode has no -Name")]
    [InlineData("Run Sync-SwarmNodes.", "there is no Sync-SwarmNodes")]
    [InlineData("Give -NoSuchThing too.", "no cmdlet has -NoSuchThing")]
    [InlineData("Remove it (Remove-SwarmService -Name {name}), or omit -Mode.", null)]
    [InlineData("$n | Get-SwarmNode | Format-List Name, Labels -Force", null)]
    public void A_wrong_one_is_found(string text, string? problem) =>
        Assert.Equal(problem is null ? [] : [problem], Wrong(text, isCode: false));

    private static IEnumerable<string> Wrong(string text, bool isCode)
    {
        text = Continuation().Replace(text, " ");
        foreach (var match in Ours().Matches(text).Where(match => !Absent.Contains(match.Value)))
        {
            if (!Cmdlets.TryGetValue(match.Value, out var parameters))
            {
                yield return $"there is no {match.Value}";
                continue;
            }

            var rest = text[(match.Index + match.Length)..];
            var end = (isCode ? CommandEnd() : SentenceEnd()).Match(rest);
            foreach (
                var name in Parameter()
                    .Matches(end.Success ? rest[..end.Index] : rest)
                    .Select(parameter => parameter.Groups[1].Value)
                    .Where(name => !parameters.Contains(name))
            )
                yield return $"{match.Value} has no -{name}";
        }

        foreach (
            var name in isCode
                ? []
                : Parameter().Matches(text).Select(parameter => parameter.Groups[1].Value).Where(name => !Every.Contains(name))
        )
        {
            if (!Ours().IsMatch(text) || !text.Contains($"| ", StringComparison.Ordinal))
                yield return $"no cmdlet has -{name}";
        }
    }

    private static HashSet<string> Parameters(Type cmdlet)
    {
        var own = cmdlet
            .GetProperties()
            .Where(property => property.IsDefined(typeof(ParameterAttribute), inherit: true))
            .SelectMany(property =>
                property.GetCustomAttributes<AliasAttribute>(inherit: true).SelectMany(alias => alias.AliasNames).Append(property.Name)
            );
        return new HashSet<string>(
            own.Concat(PSCmdlet.CommonParameters).Concat(PSCmdlet.OptionalCommonParameters),
            StringComparer.OrdinalIgnoreCase
        );
    }

    [GeneratedRegex("^\\s*///.*$", RegexOptions.Multiline)]
    private static partial Regex DocComment();

    [GeneratedRegex("\"((?:[^\"\\\\\n]|\\\\.)*)\"")]
    private static partial Regex Literal();

    /// <summary>Literals that are commands of a shell.</summary>
    [GeneratedRegex("^ss -|\\$\\(df -|\\.\\.\\. and -")]
    private static partial Regex Shell();

    [GeneratedRegex("```[a-z]*\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`([^`\\n]+)`")]
    private static partial Regex Span();

    [GeneratedRegex("`\\r?\\n\\s*")]
    private static partial Regex Continuation();

    [GeneratedRegex("\\b[A-Z][a-z]+-(?:Swarm|Galera|EncryptedOverlay)[A-Za-z]*(?!Command)")]
    private static partial Regex Ours();

    [GeneratedRegex("(?<![\\w$-])-([A-Z][A-Za-z]+)(?!\\.\\.\\.)\\b(?!\\.\\.)")]
    private static partial Regex Parameter();

    [GeneratedRegex("[|;})]|\\n")]
    private static partial Regex CommandEnd();

    [GeneratedRegex("[|;)]|[.:,](?=\\s|$)|\\s(?:or|and|then|with|without|to|in|on|does|lists|shows|gives|is|are|makes|first|again)\\s|\\n")]
    private static partial Regex SentenceEnd();
}
