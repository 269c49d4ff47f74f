using System.Text.Json.Nodes;
using SwarmOps.Services.Stored;

namespace SwarmOps.Tests.Unit.Services;

/// <summary>Where a service's document names secrets and configs, and how a rotation changes that and nothing else.</summary>
public sealed class StoredReferencesTests
{
    private static readonly StoredItem Old = Item("old", "pw"),
        New = Item("new", "pw-v2"),
        Other = Item("other", "tls");

    [Fact]
    public void A_document_uses_what_it_names_by_id()
    {
        Assert.True(StoredReferences.Uses(Spec(("old", "pw")), Old));
        Assert.False(StoredReferences.Uses(Spec(("old", "pw")), New));
        Assert.False(StoredReferences.Uses(Spec(("old", "pw")), new StoredItem(StoredKind.Config, JsonNode.Parse("""{"ID":"old"}""")!)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"TaskTemplate":{}}""")]
    [InlineData("""{"TaskTemplate":{"ContainerSpec":{"Secrets":null}}}""")]
    [InlineData("""{"TaskTemplate":{"NetworkAttachmentSpec":{"ContainerID":"x"}}}""")]
    public void A_document_without_any_uses_none_and_stays(string json)
    {
        var spec = JsonNode.Parse(json)!.AsObject();

        Assert.False(StoredReferences.Uses(spec, Old));
        Assert.True(JsonNode.DeepEquals(spec, StoredReferences.Replace(spec, [Old], New)));
    }

    [Fact]
    public void Another_version_takes_the_place_of_the_earlier_ones_with_the_same_file()
    {
        var spec = Spec(("old", "pw"), ("other", "tls"));

        var moved = StoredReferences.Replace(spec, [Old], New);

        Assert.True(JsonNode.DeepEquals(Spec(("new", "pw-v2", "pw"), ("other", "tls", "tls")), moved), moved.ToJsonString());
        Assert.True(JsonNode.DeepEquals(Spec(("old", "pw"), ("other", "tls")), spec));
    }

    [Fact]
    public void One_secret_in_two_files_moves_in_both()
    {
        var moved = StoredReferences.Replace(Spec(("old", "pw", "a"), ("old", "pw", "b")), [Old], New);

        Assert.True(JsonNode.DeepEquals(Spec(("new", "pw-v2", "a"), ("new", "pw-v2", "b")), moved), moved.ToJsonString());
    }

    [Fact]
    public void What_is_restored_is_what_the_file_had_before()
    {
        var earlier = Spec(("old", "pw", "a"), ("other", "tls", "t"));
        // Someone else gave it one more file meanwhile: that one stays.
        var now = Spec(("new", "pw-v2", "a"), ("new", "pw-v2", "b"), ("other", "tls", "t"));

        var restored = StoredReferences.Restore(now, New, earlier);

        Assert.True(
            JsonNode.DeepEquals(Spec(("old", "pw", "a"), ("new", "pw-v2", "b"), ("other", "tls", "t")), restored),
            restored.ToJsonString()
        );
    }

    private static StoredItem Item(string id, string name) =>
        new(StoredKind.Secret, JsonNode.Parse($$"""{ "ID": "{{id}}", "Spec": { "Name": "{{name}}" } }""")!);

    private static JsonObject Spec(params (string Id, string Name)[] secrets) =>
        Spec([.. secrets.Select(secret => (secret.Id, secret.Name, secret.Name))]);

    private static JsonObject Spec(params (string Id, string Name, string File)[] secrets) =>
        new()
        {
            ["Name"] = "web",
            ["Unknown"] = 1,
            ["TaskTemplate"] = new JsonObject
            {
                ["ContainerSpec"] = new JsonObject
                {
                    ["Image"] = "x",
                    ["Secrets"] = new JsonArray([
                        .. secrets.Select(secret => new JsonObject
                        {
                            ["SecretID"] = secret.Id,
                            ["SecretName"] = secret.Name,
                            ["File"] = new JsonObject
                            {
                                ["Name"] = secret.File,
                                ["UID"] = "33",
                                ["GID"] = "33",
                                ["Mode"] = 256,
                            },
                        }),
                    ]),
                },
            },
        };
}
