using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using SwarmOps.Stacks;
using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>The table of keys against the published schema: what it rejects is rejected, and what else is rejected is on the list of docs/compose.md.</summary>
public sealed partial class ComposeSchemaTests
{
    /// <summary>What is rejected beyond the schema, as docs/compose.md lists it: the words of the problem.</summary>
    private static readonly Regex[] Beyond =
    [
        // The syntax of a value, also of names.
        SyntaxProblem(),
        // Values outside of a fixed set.
        FixedSet(),
        // Unknown keys in mappings that the schema leaves open.
        OpenMapping(),
        // What stands under our own extension, which the schema does not know.
        Extension(),
    ];

    [Fact]
    public void Real_files_pass_both()
    {
        SharedFiles.SkipIfMissing();
        var schema = Schema();
        foreach (var file in SharedFiles.All())
        {
            var document = Document(file);
            Assert.True(Accepts(schema, document), file);
            var unexpected = Problems(document.ToJsonString())
                .Where(problem => !Beyond.Any(known => known.IsMatch(problem.Message)))
                .ToList();
            Assert.True(unexpected.Count == 0, $"{file}:\n{string.Join('\n', unexpected)}");
        }
    }

    [Fact]
    public void Mutations_of_real_files_are_judged_alike()
    {
        SharedFiles.SkipIfMissing();
        var schema = Schema();
        var documents = SharedFiles.All().Select(Document).ToList();
        var random = new Random(LongRun.Seed);
        var mutation = new ComposeMutation(random);
        var count = LongRun.Count(300, 100_000);
        var (rejected, accepted, beyond) = (0, 0, 0);
        for (var index = 0; index < count; index++)
        {
            var document = mutation.Mutate(documents[index % documents.Count]);
            var text = document.ToJsonString();
            var problems = Problems(text);
            if (!Accepts(schema, document))
            {
                rejected++;
                Assert.True(problems.Count > 0, $"Seed {LongRun.Seed}, document {index}: the schema rejects it, and we do not.\n{text}");
                continue;
            }

            accepted++;
            beyond += problems.Count > 0 ? 1 : 0;
            var unlisted = problems.FirstOrDefault(problem => !Beyond.Any(known => known.IsMatch(problem.Message)));
            Assert.True(
                unlisted is null,
                $"Seed {LongRun.Seed}, document {index}: we reject it for a reason that is not listed.\n{unlisted}\n{text}"
            );
        }

        // The comparison says something only if both happen often.
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{count} documents: the schema rejects {rejected}, accepts {accepted}; of these {beyond} are rejected for listed reasons."
        );
        Assert.InRange(rejected, count / 10, count);
        Assert.InRange(accepted - beyond, count / 20, count);
    }

    [Fact]
    public void Whatever_the_schema_rejects_the_reader_rejects_and_never_throws()
    {
        SharedFiles.SkipIfMissing();
        var schema = Schema();
        var documents = SharedFiles.All().Select(Document).ToList();
        var mutation = new ComposeMutation(new Random(LongRun.Seed + 1));
        for (var index = 0; index < LongRun.Count(150, 20_000); index++)
        {
            var document = mutation.Mutate(documents[index % documents.Count]);
            var text = document.ToJsonString().Replace("$", "$$", StringComparison.Ordinal);
            var (definition, problems) = new MemoryFiles(("compose.yaml", text)).TryRead(request =>
                request with
                {
                    AllowIgnored = true,
                    Profiles = ["*"],
                }
            );
            Assert.True(definition is null == problems.Count > 0, text);
            Assert.All(
                problems,
                problem => Assert.True(problem.Remedy.Length > 0 && problem.At.Line > 0 && problem.At.Column > 0, problem.ToString())
            );
            if (!Accepts(schema, document))
                Assert.True(
                    definition is null,
                    $"Seed {LongRun.Seed + 1}, document {index}: the schema rejects it, and the reader does not.\n{text}"
                );
        }
    }

    /// <summary>The problems of the table alone: without references, files and variables.</summary>
    private static List<StackProblem> Problems(string text)
    {
        var problems = new StackProblems();
        if (YamlReader.Read(text, new SourceFile("f", "/"), problems) is { } root)
        {
            var checkedRoot = new ShapeCheck(problems).Check(root, RuleTable.Root, "");
            new SupportCheck(problems, allowIgnored: true).Check(checkedRoot, RuleTable.Root, "");
        }

        return [.. problems.All];
    }

    private static JsonObject Document(string file)
    {
        var problems = new StackProblems();
        var root = YamlReader.Read(File.ReadAllText(file), new SourceFile(file, "/"), problems);
        Assert.Empty(problems.All);
        return (JsonObject)ComposeMutation.Json(root!)!;
    }

    private static JsonSchema Schema()
    {
        var schema = JsonNode.Parse(File.ReadAllText(SharedFiles.Schema))!.AsObject();
        // Its address is written without the number sign that the draft's own has.
        schema["$schema"] = "http://json-schema.org/draft-07/schema#";
        schema.Remove("$id");
        return JsonSchema.FromText(schema.ToJsonString());
    }

    private static bool Accepts(JsonSchema schema, JsonObject document)
    {
        using var parsed = JsonDocument.Parse(document.ToJsonString());
        return schema.Evaluate(parsed.RootElement).IsValid;
    }

    [GeneratedRegex("^(?:(?! takes | has ).)*?: ", RegexOptions.Singleline)]
    private static partial Regex SyntaxProblem();

    [GeneratedRegex("^\\S+ does not take '")]
    private static partial Regex FixedSet();

    [GeneratedRegex("^\\S*\\bx-swarmops\\b")]
    private static partial Regex Extension();

    [GeneratedRegex("(external|gpus\\[\\d+\\]|reservations) has no key '")]
    private static partial Regex OpenMapping();
}
