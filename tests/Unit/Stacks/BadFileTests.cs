using System.Text;
using SwarmOps.Stacks;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>Files with one mistake each: its position (marked by ^^ before it), what is wrong, and what to write instead.</summary>
public sealed partial class BadFileTests
{
    private const string Mark = "^^";

    /// <summary>Begins another file: its name stands on the rest of the line.</summary>
    private const string Separator = "=== ";

    [Theory]
    [MemberData(nameof(Syntax))]
    [MemberData(nameof(Shape))]
    [MemberData(nameof(Values))]
    [MemberData(nameof(Meaning))]
    [MemberData(nameof(Refused))]
    [MemberData(nameof(Files))]
    public void A_mistake_is_told_with_its_position_and_remedy(string text, string message, string remedy)
    {
        var (files, expected) = Split(text);
        var (definition, problems) = new MemoryFiles(files).TryRead();
        Assert.Null(definition);
        var problem = problems.FirstOrDefault(problem => problem.Message.Contains(message, StringComparison.Ordinal));
        Assert.True(problem is not null, $"No problem has '{message}':\n{string.Join('\n', problems)}");
        Assert.True(problem.Remedy.Contains(remedy, StringComparison.Ordinal), $"The remedy lacks '{remedy}': {problem}");
        Assert.Equal(expected, $"{Path.GetFileName(problem.At.File.Name)}:{problem.At.Line}:{problem.At.Column}");
        Assert.True(problems.Count == 1, $"One mistake, {problems.Count} problems:\n{string.Join('\n', problems)}");
    }

    [Fact]
    public void There_are_at_least_120() =>
        Assert.InRange(
            Syntax().Count + Shape().Count + Values().Count + Meaning().Count + Refused().Count + Files().Count,
            120,
            int.MaxValue
        );

    [Fact]
    public void A_file_of_50_MB_is_refused_without_being_parsed()
    {
        var files = new MemoryFiles().With("compose.yaml", new byte[50 * 1024 * 1024]);
        var watch = ThreadClock.Start();
        var problem = Assert.Single(files.TryRead().Problems);
        Assert.Contains("larger than", problem.Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused() =>
        Assert.Contains(
            "UTF-8",
            Assert.Single(new MemoryFiles().With("compose.yaml", [0x80, 0xFF]).TryRead().Problems).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void All_problems_are_told_at_once_and_in_their_order()
    {
        var problems = MemoryFiles.Problems(
            """
            services:
              web:
                imge: nginx
                ports: ["80:80:80:80", 70000]
                deploy: {replicas: many, mode: globl}
              db:
                image: [a]
                networks: [none-such]
                secrets: [s]
            volumes: [a]
            """
        );
        Assert.Equal([2, 3, 4, 4, 5, 5, 7, 8, 9, 10], problems.Select(problem => problem.At.Line));
    }

    [Fact]
    public void A_file_that_is_all_wrong_is_told_in_bounded_time()
    {
        var watch = ThreadClock.Start();
        var problems = MemoryFiles.Problems(
            "services:\n  web:\n    image: a\n" + string.Concat(Enumerable.Range(0, 100_000).Select(index => $"    imagee{index}: x\n"))
        );
        Assert.Equal(StackProblems.MostKept, problems.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), watch.Elapsed.ToString());
    }

    private static ((string Name, string Text)[] Files, string Position) Split(string text)
    {
        var files = new List<(string Name, StringBuilder Text)> { ("compose.yaml", new StringBuilder()) };
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.StartsWith(Separator, StringComparison.Ordinal))
                files.Add((line[Separator.Length..], new StringBuilder()));
            else
                files[^1].Text.Append(line).Append('\n');
        }

        var position = "compose.yaml:1:1";
        var clean = files
            .Select(file =>
            {
                var content = file.Text.ToString();
                var at = content.IndexOf(Mark, StringComparison.Ordinal);
                if (at >= 0)
                {
                    var before = content[..at];
                    position =
                        $"{Path.GetFileName(file.Name)}:{before.Count(letter => letter == '\n') + 1}:{at - before.LastIndexOf('\n')}";
                    content = content.Remove(at, Mark.Length);
                }

                return (file.Name, content);
            })
            .ToArray();
        return (clean, position);
    }

    /// <summary>A mistake in a service that has an image.</summary>
    private static string Web(string keys) => "services:\n  web:\n    image: nginx\n" + MemoryFiles.Indented(keys, 4);
}
