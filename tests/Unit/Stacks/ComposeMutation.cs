using System.Text.Json.Nodes;
using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Tests.Unit.Stacks;

/// <summary>Random changes of a Compose file, which is a JSON document here: JSON is YAML.</summary>
internal sealed class ComposeMutation(Random random)
{
    private static readonly string[] Texts =
    [
        "a",
        "web",
        "db",
        "",
        "80",
        "80:80",
        "8000-8001:80-81",
        "/data",
        "v:/data",
        "./x:/y:ro",
        "10s",
        "64m",
        "0.5",
        "true",
        "no",
        "always",
        "host",
        "replicated",
        "any",
        "node.role==manager",
        "node.labels.region",
        "A=b",
        "A",
        "a:10.0.0.1",
        "all",
        "NET_ADMIN",
        "bind",
        "volume",
        "tmpfs",
        "image",
        "service_started",
        "stop-first",
        "rollback",
        "raw",
        "0440",
        "x-y",
        "1000",
        "private",
        "overlay",
        "10.0.0.0/24",
        "10.0.0.1",
        "missing",
        "sync",
        "nginx:1",
    ];

    private static readonly string[] Names = ["a", "web", "x-a", "b.c", "d_e", "nofile", "A B", "-", "name", "1", ""];

    /// <summary>The document of a file.</summary>
    public static JsonNode? Json(YamlNode node) =>
        node switch
        {
            YamlMapping map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, Json(entry.Value)))),
            YamlSequence list => new JsonArray([.. list.Items.Select(Json)]),
            YamlScalar { Kind: YamlKind.Null } => null,
            YamlScalar { Kind: YamlKind.Boolean } scalar => JsonValue.Create(
                scalar.Text.Equals("true", StringComparison.OrdinalIgnoreCase)
            ),
            YamlScalar { Kind: YamlKind.Integer } scalar => JsonValue.Create(YamlScalar.Integer(scalar.Text)!.Value),
            YamlScalar { Kind: YamlKind.Number } scalar => JsonValue.Create(YamlScalar.Number(scalar.Text)!.Value),
            YamlScalar scalar => JsonValue.Create(scalar.Text),
            _ => throw new InvalidOperationException(),
        };

    /// <summary>The document with one to three changes.</summary>
    public JsonObject Mutate(JsonObject document)
    {
        var copy = (JsonObject)document.DeepClone();
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            var places = Places(copy, RuleTable.Root).ToList();
            var (node, rule) = places[random.Next(places.Count)];
            if (node is JsonObject map)
                Change(map, rule);
            else
                Change((JsonArray)node, rule);
        }

        return copy;
    }

    private static IEnumerable<(JsonNode Node, RuleNode? Rule)> Places(JsonNode node, RuleNode? rule)
    {
        yield return (node, rule);
        var inner = node switch
        {
            JsonObject map => map.Select(entry => (entry.Value, Rule: rule?.Of(entry.Key))),
            JsonArray list => list.Select(item => (item, rule?.Item)),
            _ => [],
        };
        foreach (var (child, childRule) in inner)
        {
            if (child is not (JsonObject or JsonArray))
                continue;
            foreach (var place in Places(child, childRule))
                yield return place;
        }
    }

    private void Change(JsonObject map, RuleNode? rule)
    {
        var keys = map.Select(entry => entry.Key).ToList();
        var key = keys.Count > 0 ? Pick(keys) : null;
        switch (random.Next(8))
        {
            case 0 when key is not null:
                map.Remove(key);
                break;
            case 1 when key is not null:
                var value = map[key];
                map.Remove(key);
                map[Pick([key + "x", "x-" + key, key.ToUpperInvariant(), "a" + key])] = value;
                break;
            case 2 when key is not null:
                map[key] = Value(null, 0);
                break;
            case 3 when key is not null:
                map[key] = Value(rule?.Of(key), 0);
                break;
            case 4:
                map[Pick(Names)] = Value(rule?.Others, 0);
                break;
            default:
                if (rule is { Keys.Count: > 0 })
                {
                    var known = Pick([.. rule.Keys.Keys]);
                    map[known] = Value(rule.Of(known), 0);
                }
                else
                    map[Pick(Names)] = Value(rule?.Others, 0);
                break;
        }
    }

    private void Change(JsonArray list, RuleNode? rule)
    {
        switch (random.Next(4))
        {
            case 0 when list.Count > 0:
                list.RemoveAt(random.Next(list.Count));
                break;
            case 1 when list.Count > 0:
                list.Add(list[random.Next(list.Count)]?.DeepClone());
                break;
            case 2 when list.Count > 0:
                list[random.Next(list.Count)] = Value(rule?.Item, 0);
                break;
            default:
                list.Add(Value(rule?.Item, 0));
                break;
        }
    }

    /// <summary>A value of a key, most often one of a type that it takes.</summary>
    private JsonNode? Value(RuleNode? rule, int level)
    {
        var types = rule is null || random.Next(6) == 0 ? ValueTypes.Any : rule.Rule.Types;
        var choices = Enum.GetValues<ValueTypes>()
            .Where(type => type is not (ValueTypes.None or ValueTypes.Any) && types.HasFlag(type))
            .Where(type => level < 4 || type is not (ValueTypes.List or ValueTypes.Map))
            .ToList();
        return choices.Count == 0 ? JsonValue.Create(Text(rule)) : OfType(Pick(choices), rule, level);
    }

    private JsonNode? OfType(ValueTypes type, RuleNode? rule, int level)
    {
        switch (type)
        {
            case ValueTypes.Null:
                return null;
            case ValueTypes.Boolean:
                return JsonValue.Create(random.Next(2) == 0);
            case ValueTypes.Integer:
                return JsonValue.Create(Pick([0, 1, 3, 80, -1, 65536, 101, 2000]));
            case ValueTypes.Number:
                return JsonValue.Create(Pick([0.5, 1.25, 2.0, -0.5, 3]));
            case ValueTypes.List:
                return new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Value(rule?.Item, level + 1))]);
            case ValueTypes.Map:
                var map = new JsonObject();
                foreach (var key in rule?.Rule.Required ?? [])
                    map[key] = Value(rule!.Of(key), level + 1);
                for (var left = random.Next(3); left > 0; left--)
                {
                    var key = rule is { Keys.Count: > 0 } && random.Next(5) > 0 ? Pick([.. rule.Keys.Keys]) : Pick(Names);
                    map[key] = Value(rule?.Of(key), level + 1);
                }

                return map;
            default:
                return JsonValue.Create(Text(rule));
        }
    }

    private string Text(RuleNode? rule) => rule?.Rule.Values is { } values && random.Next(4) > 0 ? Pick(values) : Pick(Texts);

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
