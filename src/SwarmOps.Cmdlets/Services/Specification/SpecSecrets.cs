using System.Text.Json.Nodes;
using SwarmOps.Transport;

namespace SwarmOps.Services.Specification;

/// <summary>Which values of a service's document may be shown and which may be secret. An allow list: every value that is not listed here is masked (docs/security.md).</summary>
internal static class SpecSecrets
{
    private const string Labels = "Labels";

    /// <summary>Parts of the document whose values are shown: counts, names, placement and policies.</summary>
    private static readonly string[] Shown =
    [
        "Name",
        "Mode",
        "Image",
        "Placement",
        "Resources",
        "Networks",
        "EndpointSpec",
        "UpdateConfig",
        "RollbackConfig",
        "RestartPolicy",
        "ForceUpdate",
        "Runtime",
        "Hostname",
        "User",
        "Groups",
        "Dir",
        "Mounts",
        "Secrets",
        "Configs",
        "StopGracePeriod",
        "StopSignal",
        "Init",
        "TTY",
        "OpenStdin",
        "ReadOnly",
        "Isolation",
        "Privileges",
        "CapabilityAdd",
        "CapabilityDrop",
        "Sysctls",
        "Ulimits",
        "Hosts",
        "DNSConfig",
        "LogDriver.Name",
        "Healthcheck.Interval",
        "Healthcheck.Timeout",
        "Healthcheck.Retries",
        "Healthcheck.StartPeriod",
        "Healthcheck.StartInterval",
    ];

    /// <summary>Whether the value at a path is masked.</summary>
    /// <param name="path">The path, its parts separated by dots, such as <c>TaskTemplate.ContainerSpec.Args</c>.</param>
    /// <param name="value">The value as text; null if there is none.</param>
    public static bool IsSecret(string path, string? value)
    {
        var name = Short(path);
        if (name == Labels || name.StartsWith(Labels + ".", StringComparison.Ordinal))
            return Masking.IsSecretName(name) || (value is not null && Masking.IsSecretValue(value));
        if (!Array.Exists(Shown, shown => name == shown || name.StartsWith(shown + ".", StringComparison.Ordinal)))
            return true;
        // Options of a volume driver often contain credentials of file servers.
        return name.StartsWith("Mounts", StringComparison.Ordinal) && value?.Contains("DriverConfig", StringComparison.Ordinal) is true;
    }

    /// <summary>A path in the form shown to the user.</summary>
    public static string Short(string path) =>
        path.Replace("TaskTemplate.", "", StringComparison.Ordinal).Replace("ContainerSpec.", "", StringComparison.Ordinal);

    /// <summary>
    /// The values of a service that may be secret, to be masked in messages of engines and containers. The first word of command and arguments, a program's name, is not masked: without it
    /// "not found" would mean nothing.
    /// </summary>
    /// <param name="spec">The service's document.</param>
    /// <param name="templates">The templates of the tasks concerned: after a rollback they differ from the service's template.</param>
    public static IReadOnlyList<string> Known(JsonObject spec, params IEnumerable<JsonNode?> templates)
    {
        var known = SecretLabels(spec).Concat(templates.Prepend(spec["TaskTemplate"]).SelectMany(OfTemplate));
        // Numbers and Booleans reveal nothing; masking them would make errors unreadable.
        return [.. known.Where(value => value.Length > 0 && !value.All(char.IsAsciiDigit) && !bool.TryParse(value, out _)).Distinct()];
    }

    private static List<string> OfTemplate(JsonNode? template)
    {
        var known = new List<string>();
        var container = template?["ContainerSpec"];
        known.AddRange(
            Texts(container?["Env"]).Select(variable => variable.Split('=', 2)).Where(pair => pair.Length == 2).Select(pair => pair[1])
        );
        known.AddRange(Texts(container?["Command"]).Skip(1));
        // A leading option is no program name: it goes to the image's entry point.
        known.AddRange(
            Texts(container?["Args"])
                .Where((word, at) => at > 0 || word.StartsWith('-') || container?["Command"] is JsonArray { Count: > 0 })
        );
        // Messages quote an option's value with or without its name.
        known.AddRange(
            known
                .ToList()
                .Where(word => word.StartsWith('-'))
                .Select(word => word.Split('=', 2))
                .Where(pair => pair.Length == 2)
                .Select(pair => pair[1])
        );
        known.AddRange(Texts(container?["Healthcheck"]?["Test"]).Skip(1));
        known.AddRange(Values(template?["LogDriver"]?["Options"]).Select(option => option.Value));
        known.AddRange(SecretLabels(container));
        foreach (var mount in container?["Mounts"] as JsonArray ?? [])
            known.AddRange(Values(mount?["VolumeOptions"]?["DriverConfig"]?["Options"]).Select(option => option.Value));
        return known;
    }

    private static IEnumerable<string> SecretLabels(JsonNode? labelled) =>
        Values(labelled?[Labels]).Where(label => IsSecret($"{Labels}.{label.Name}", label.Value)).Select(label => label.Value);

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(Text);

    private static IEnumerable<(string Name, string Value)> Values(JsonNode? table) =>
        (table as JsonObject ?? []).Select(entry => (entry.Key, Text(entry.Value)));

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
