using System.Text;
using System.Text.Json.Nodes;
using SwarmOps.Services.Stored;

namespace SwarmOps.Tests.Unit.Services;

public sealed class StoredRulesTests
{
    [Theory]
    [InlineData("db-password")]
    [InlineData("a")]
    [InlineData("A.b_c-9")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678")]
    public void Takes_names_that_the_swarm_takes(string name) => StoredRules.CheckName(StoredKind.Secret, name);

    [Theory]
    [InlineData("", "StoredNameInvalid")]
    [InlineData("-a", "StoredNameInvalid")]
    [InlineData("a.", "StoredNameInvalid")]
    [InlineData("a b", "StoredNameInvalid")]
    [InlineData("a*", "StoredNameInvalid")]
    [InlineData("a/b", "StoredNameInvalid")]
    [InlineData("größe", "StoredNameInvalid")]
    [InlineData("012345678901234567890123456789012345678901234567890123456789", "StoredNameTooLong")]
    public void Refuses_other_names(string name, string id) =>
        Assert.Equal(id, Refused(() => StoredRules.CheckName(StoredKind.Config, name)));

    [Fact]
    public void Refuses_sizes_that_no_engine_takes()
    {
        StoredRules.CheckSize(StoredKind.Secret, "a", (500 * 1024) - 1);
        Assert.Equal("StoredValueEmpty", Refused(() => StoredRules.CheckSize(StoredKind.Secret, "a", 0)));
        Assert.Equal("StoredValueTooLarge", Refused(() => StoredRules.CheckSize(StoredKind.Secret, "a", 500 * 1024)));
        Assert.Equal("StoredValueTooLarge", Refused(() => StoredRules.CheckSize(StoredKind.Config, "a", (1000 * 1024) + 1)));
    }

    [Theory]
    [InlineData("", "StoredLabelInvalid")]
    [InlineData("a=b", "StoredLabelInvalid")]
    [InlineData("swarmops.name", "StoredLabelReserved")]
    [InlineData("swarmops.version", "StoredLabelReserved")]
    public void Refuses_labels(string key, string id) =>
        Assert.Equal(id, Refused(() => StoredRules.CheckLabels(new Dictionary<string, string> { [key] = "x" })));

    [Theory]
    [InlineData(32, "", "AlphabetInvalid")]
    [InlineData(32, "a", "AlphabetInvalid")]
    [InlineData(32, "aba", "AlphabetInvalid")]
    [InlineData(32, "ab\n", "AlphabetInvalid")]
    [InlineData(63, "01", "GeneratedTooWeak")]
    [InlineData(10, SecretGenerator.LettersAndDigits, "GeneratedTooWeak")]
    public void Refuses_to_make_what_can_be_guessed(int length, string alphabet, string id) =>
        Assert.Equal(id, Refused(() => SecretGenerator.Generate(length, alphabet)));

    [Fact]
    public void Makes_each_character_as_often_as_any_other()
    {
        var text = Encoding.UTF8.GetString(SecretGenerator.Generate(60_000, "abcdef"));

        Assert.Equal(60_000, text.Length);
        Assert.All(text.GroupBy(character => character), group => Assert.InRange(group.Count(), 9_400, 10_600));
        Assert.NotEqual(SecretGenerator.Generate(32), SecretGenerator.Generate(32));
    }

    [Fact]
    public void Reads_name_and_version_from_labels_and_others_objects_by_their_own_name()
    {
        var ours = new StoredItem(
            StoredKind.Secret,
            JsonNode.Parse(
                """{"ID":"1","Spec":{"Name":"db-v3","Labels":{"swarmops.name":"db","swarmops.version":"3"}},"CreatedAt":"2026-01-02T03:04:05.123456789Z"}"""
            )!
        );
        var others = new StoredItem(StoredKind.Config, JsonNode.Parse("""{"ID":"2","Spec":{"Name":"x","Data":"aGk="}}""")!);
        var binary = new StoredItem(StoredKind.Config, JsonNode.Parse("""{"ID":"3","Spec":{"Name":"y","Data":"/w=="}}""")!);

        Assert.Equal(("db", 3, "db-v3"), (ours.Name, ours.Version, ours.ObjectName));
        Assert.Equal(
            new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
            ((SwarmSecret)ours.Describe("s", [], [])).CreatedAt,
            TimeSpan.FromSeconds(1)
        );
        Assert.Equal(
            ("x", 1, "hi", 2),
            (others.Name, others.Version, ((SwarmConfig)others.Describe("s", [], [])).Content, others.Data.Length)
        );
        Assert.Null(((SwarmConfig)binary.Describe("s", [], [])).Content);
        Assert.Equal(["db", "db-v2"], new[] { StoredItem.ObjectNameOf("db", 1), StoredItem.ObjectNameOf("db", 2) });
    }

    private static string Refused(Action action) => Assert.Throws<SwarmOpsException>(action).ErrorId;
}
