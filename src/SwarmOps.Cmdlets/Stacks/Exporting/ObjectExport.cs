using System.Text;
using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Planning;
using SwarmOps.Stacks.Rules;
using SwarmOps.Stacks.Specification;

namespace SwarmOps.Stacks.Exporting;

/// <summary>What the services of an exported stack share, each under a key of its own. What does not belong to the stack is external, and so are secrets, which cannot be read.</summary>
/// <param name="names">The names of the stack.</param>
/// <param name="state">What the swarm has.</param>
internal sealed class ObjectExport(StackNames names, StackState state)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, JsonObject> sections = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Section, string Name), string> keys = [];

    /// <summary>Adds the sections to a file.</summary>
    public void AddTo(JsonObject file)
    {
        foreach (var section in new[] { "networks", "volumes", "secrets", "configs" })
            ServiceExport.Set(file, section, sections.GetValueOrDefault(section));
    }

    /// <summary>The key of a network.</summary>
    public string Network(string id)
    {
        var network = state.Networks.FirstOrDefault(network => network.ID == id || network.Name == id);
        // A predefined network has an id that no manager lists.
        return network is null
            ? Key("networks", "host", () => External("host"))
            : Key(
                "networks",
                network.Name,
                () => StackState.StackOf(network.Labels) == names.Stack ? Own(network) : External(network.Name)
            );
    }

    /// <summary>The key of a volume.</summary>
    public string Volume(string name, JsonObject? options) =>
        Key(
            "volumes",
            name,
            () =>
            {
                var driver = options?["DriverConfig"] as JsonObject ?? [];
                // What an external volume cannot have must not be lost.
                var isOwn = (string?)options?["Labels"]?[StackNames.StackLabel] == names.Stack;
                if (!isOwn && driver.Count == 0 && options?["Labels"] is not JsonObject { Count: > 0 })
                    return External(name);
                var json = new JsonObject();
                ServiceExport.Copy(driver, "Name", json, "driver");
                ServiceExport.Copy(driver, "Options", json, "driver_opts");
                ServiceExport.Set(json, "labels", Labels(options?["Labels"] as JsonObject ?? []));
                return Named(json, name);
            }
        );

    /// <summary>The key of a secret.</summary>
    public string Secret(string id) =>
        state.Secrets.FirstOrDefault(item => item.Id == id) is { } secret
            ? Key("secrets", secret.ObjectName, () => External(secret.ObjectName), Short(secret))
            : id;

    /// <summary>The key of a config.</summary>
    public string Config(string id) =>
        state.Configs.FirstOrDefault(item => item.Id == id) is { } config
            ? Key(
                "configs",
                config.ObjectName,
                () =>
                    StackState.StackOf(config.Labels) == names.Stack && Text(config) is { } text
                        ? Content(config, text)
                        : External(config.ObjectName),
                Short(config)
            )
            : id;

    private static JsonObject External(string name) => new() { ["external"] = true, ["name"] = name };

    private JsonObject Own(NetworkResponse network)
    {
        var json = new JsonObject();
        if (network.Driver != "overlay")
            json["driver"] = network.Driver;
        // The engine adds options of its own, such as the ids that it has allocated.
        var options = (network.Options ?? new Dictionary<string, string>())
            .Where(option => option.Key != "com.docker.network.driver.overlay.vxlanid_list")
            .Select(option => KeyValuePair.Create(option.Key, (JsonNode?)option.Value));
        ServiceExport.Set(json, "driver_opts", new JsonObject(options));
        foreach (
            var (key, value) in new[]
            {
                ("internal", network.Internal),
                ("attachable", network.Attachable),
                ("enable_ipv6", network.EnableIPv6),
            }
        )
        {
            if (value)
                json[key] = true;
        }

        var labels = (network.Labels ?? new Dictionary<string, string>()).Select(label =>
            KeyValuePair.Create(label.Key, (JsonNode?)label.Value)
        );
        ServiceExport.Set(json, "labels", Labels(new JsonObject(labels)));
        return Named(json, network.Name);
    }

    private JsonObject Content(StoredItem config, string text)
    {
        var json = new JsonObject { ["content"] = text };
        if (config.TemplateDriver is { } driver)
            json["template_driver"] = driver;
        var labels = config.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value));
        ServiceExport.Set(json, "labels", Labels(new JsonObject(labels)));
        if (names.Scoped(Short(config)) != config.Name)
            json["name"] = config.Name;
        return json;
    }

    /// <summary>With its name, unless it is that of stack and key.</summary>
    private JsonObject Named(JsonObject json, string name)
    {
        if (names.Scoped(Short(name)) != name)
            json["name"] = name;
        return json;
    }

    private static JsonObject Labels(JsonObject labels) =>
        new(
            labels
                .Where(label => label.Key != StackNames.StackLabel && !StoredRules.IsReserved(label.Key))
                .Select(label => KeyValuePair.Create(label.Key, label.Value?.DeepClone()))
        );

    private string Key(string section, string name, Func<JsonObject> create, string? wanted = null)
    {
        if (keys.TryGetValue((section, name), out var known))
            return known;
        if (!sections.TryGetValue(section, out var entries))
            sections.Add(section, entries = []);
        var key = wanted ?? Short(name);
        if (!NameForm.IsObjectName(key) || entries.ContainsKey(key))
            key = name;
        keys.Add((section, name), key);
        entries[key] = create();
        return key;
    }

    private string Short(string name) =>
        name.StartsWith(names.Stack + "_", StringComparison.Ordinal) && name.Length > names.Stack.Length + 1
            ? name[(names.Stack.Length + 1)..]
            : name;

    /// <summary>The key of a secret or config: its name without stack and hash.</summary>
    private string Short(StoredItem item) => Short(item.Name);

    private static string? Text(StoredItem config)
    {
        try
        {
            var text = Strict.GetString(config.Data);
            return text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
