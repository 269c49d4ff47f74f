using System.Text.Json.Nodes;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Stacks.Specification;

namespace SwarmOps.Stacks.Exporting;

/// <summary>A service of the engine as a service of a Compose file: the reverse of <see cref="StackServiceSpec"/>.</summary>
/// <param name="service">The service.</param>
/// <param name="key">Its key in the file.</param>
/// <param name="objects">The networks, volumes, secrets and configs of the file, to which those that the service uses are added.</param>
internal sealed class ServiceExport(ServiceState service, string key, ObjectExport objects)
{
    public JsonObject Create()
    {
        var task = service.Template as JsonObject ?? [];
        var container = task["ContainerSpec"] as JsonObject ?? [];
        var json = new JsonObject
        {
            ["image"] = service.Labels.GetValueOrDefault(StackNames.ImageLabel) is { Length: > 0 } image
                ? image
                : service.Image.Split('@')[0],
        };
        Copy(container, "Command", json, "entrypoint");
        Copy(container, "Args", json, "command");
        Set(json, "environment", Environment(container["Env"] as JsonArray ?? []));
        Set(json, "labels", Labels(container["Labels"]));
        Set(json, "networks", Networks(task["Networks"] as JsonArray ?? []));
        Set(json, "ports", Ports(service.Spec["EndpointSpec"]?["Ports"] as JsonArray ?? []));
        Set(json, "volumes", new JsonArray([.. Items(container["Mounts"]).Select(mount => new MountExport(objects).Create(mount))]));
        Set(json, "secrets", Files(Items(container["Secrets"]), "Secret"));
        Set(json, "configs", Files(Items(container["Configs"]).Where(file => file["File"] is not null), "Config"));
        AddContainer(json, container);
        if (task["LogDriver"] is JsonObject log)
        {
            var logging = new JsonObject();
            Copy(log, "Name", logging, "driver");
            Copy(log, "Options", logging, "options");
            Set(json, "logging", logging);
        }

        Set(json, "deploy", new DeployExport(service).Create());
        return json;
    }

    private void AddContainer(JsonObject json, JsonObject container)
    {
        foreach (
            var (from, to) in new[]
            {
                ("Hostname", "hostname"),
                ("User", "user"),
                ("Groups", "group_add"),
                ("Dir", "working_dir"),
                ("ReadOnly", "read_only"),
                ("TTY", "tty"),
                ("OpenStdin", "stdin_open"),
                ("StopSignal", "stop_signal"),
                ("Sysctls", "sysctls"),
                ("CapabilityAdd", "cap_add"),
                ("CapabilityDrop", "cap_drop"),
                ("OomScoreAdj", "oom_score_adj"),
            }
        )
            Copy(container, from, json, to);
        // False differs from nothing, which is the engine's own setting.
        if ((bool?)container["Init"] is { } init)
            json["init"] = init;
        if ((string?)container["Isolation"] is { Length: > 0 } isolation and not "default")
            json["isolation"] = isolation;
        if ((long?)container["StopGracePeriod"] is { } grace)
            json["stop_grace_period"] = Amounts.Duration(grace);
        Set(json, "healthcheck", Health(container["Healthcheck"] as JsonObject));
        Set(
            json,
            "extra_hosts",
            new JsonArray([
                .. Texts(container["Hosts"]).Select(line => line.Split(' ', 2)).Select(parts => (JsonNode)$"{parts[^1]}={parts[0]}"),
            ])
        );
        Copy(container["DNSConfig"] as JsonObject ?? [], "Nameservers", json, "dns");
        Copy(container["DNSConfig"] as JsonObject ?? [], "Search", json, "dns_search");
        Copy(container["DNSConfig"] as JsonObject ?? [], "Options", json, "dns_opt");
        var limits = new JsonObject();
        foreach (var limit in Items(container["Ulimits"]))
            limits[(string)limit["Name"]!] = new JsonObject
            {
                ["soft"] = limit["Soft"]?.DeepClone(),
                ["hard"] = limit["Hard"]?.DeepClone(),
            };
        Set(json, "ulimits", limits);
        if (container["Privileges"]?["CredentialSpec"] is JsonObject credential)
            Set(json, "credential_spec", Credential(credential));
    }

    private JsonObject Credential(JsonObject credential)
    {
        var json = new JsonObject();
        Copy(credential, "File", json, "file");
        Copy(credential, "Registry", json, "registry");
        if ((string?)credential["Config"] is { Length: > 0 } config)
            json["config"] = objects.Config(config);
        return json;
    }

    private static JsonObject? Health(JsonObject? check)
    {
        if (check is null)
            return null;
        if (Texts(check["Test"]).ToList() is ["NONE"])
            return new JsonObject { ["disable"] = true };
        var json = new JsonObject();
        Copy(check, "Test", json, "test");
        foreach (
            var (from, to) in new[]
            {
                ("Interval", "interval"),
                ("Timeout", "timeout"),
                ("StartPeriod", "start_period"),
                ("StartInterval", "start_interval"),
            }
        )
        {
            if ((long?)check[from] is { } time and > 0)
                json[to] = Amounts.Duration(time);
        }

        Copy(check, "Retries", json, "retries");
        return json;
    }

    private static JsonObject Environment(JsonArray variables)
    {
        var json = new JsonObject();
        foreach (var pair in Texts(variables).Select(variable => variable.Split('=', 2)))
            json[pair[0]] = pair.Length == 2 ? pair[1] : null;
        return json;
    }

    private JsonObject Networks(JsonArray attachments)
    {
        var json = new JsonObject();
        foreach (var attachment in attachments.OfType<JsonObject>())
        {
            var entry = new JsonObject();
            Set(
                entry,
                "aliases",
                new JsonArray([.. Texts(attachment["Aliases"]).Where(alias => alias != key).Select(alias => (JsonNode)alias)])
            );
            Copy(attachment, "DriverOpts", entry, "driver_opts");
            json[objects.Network((string?)attachment["Target"] ?? "")] = entry.Count > 0 ? entry : null;
        }

        // A service without a word of networks is on the default one.
        return json.Count == 1 && json.First() is { Key: "default", Value: null } ? [] : json;
    }

    private static JsonArray Ports(JsonArray ports) =>
        new([
            .. ports
                .OfType<JsonObject>()
                .Select(port =>
                {
                    var json = new JsonObject { ["target"] = port["TargetPort"]?.DeepClone() };
                    Copy(port, "PublishedPort", json, "published");
                    if ((string?)port["Protocol"] is { } protocol and not "tcp")
                        json["protocol"] = protocol;
                    if ((string?)port["PublishMode"] == "host")
                        json["mode"] = "host";
                    return json;
                }),
        ]);

    private JsonArray Files(IEnumerable<JsonObject> files, string kind) =>
        new([
            .. files.Select(file =>
            {
                var shown = file["File"] as JsonObject ?? [];
                var id = (string?)file[kind + "ID"] ?? "";
                var json = new JsonObject { ["source"] = kind == "Secret" ? objects.Secret(id) : objects.Config(id) };
                Copy(shown, "Name", json, "target");
                if ((string?)shown["UID"] is { Length: > 0 } user and not "0")
                    json["uid"] = user;
                if ((string?)shown["GID"] is { Length: > 0 } group and not "0")
                    json["gid"] = group;
                if ((long?)shown["Mode"] is { } mode and not OctalMode.ReadableByAll)
                    json["mode"] = Amounts.Mode(mode);
                return json;
            }),
        ]);

    private static JsonObject Labels(JsonNode? labels) =>
        new(
            (labels as JsonObject ?? [])
                .Where(label => label.Key is not (StackNames.StackLabel or StackNames.ImageLabel))
                .Select(label => KeyValuePair.Create(label.Key, label.Value?.DeepClone()))
        );

    /// <summary>Copies a value under another name, unless it is missing or says nothing.</summary>
    internal static void Copy(JsonObject from, string name, JsonObject to, string key)
    {
        if (new PlainField().Keep(from[name]) is { } value)
            Set(to, key, value);
    }

    /// <summary>Sets a value, unless it is empty.</summary>
    internal static void Set(JsonObject json, string key, JsonNode? value)
    {
        if (value is not (null or JsonObject { Count: 0 } or JsonArray { Count: 0 }))
            json[key] = value;
    }

    internal static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(text => (string?)text ?? "");
}
