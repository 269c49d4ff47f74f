using System.Text.Json.Nodes;
using SwarmOps.Transport;

namespace SwarmOps.Services.Specification;

/// <summary>What of a service's document may be shown to people, and what may be a secret. Said the safe way round: what is not listed here as harmless is masked (docs/security.md).</summary>
internal static class SpecSecrets
{
    private const string Labels = "Labels";

    /// <summary>Parts of the document whose values are shown: counts, names, places and policies.</summary>
    private static readonly string[] Shown =
    [
        "Name", "Mode", "Image", "Placement", "Resources", "Networks", "EndpointSpec", "UpdateConfig", "RollbackConfig", "RestartPolicy", "ForceUpdate", "Runtime",
        "Hostname", "User", "Groups", "Dir", "Mounts", "Secrets", "Configs", "StopGracePeriod", "StopSignal", "Init", "TTY", "OpenStdin", "ReadOnly", "Isolation", "Privileges",
        "CapabilityAdd", "CapabilityDrop", "Sysctls", "Ulimits", "Hosts", "DNSConfig", "LogDriver.Name",
        "Healthcheck.Interval", "Healthcheck.Timeout", "Healthcheck.Retries", "Healthcheck.StartPeriod", "Healthcheck.StartInterval",
    ];

    /// <summary>Whether the value at a path is masked.</summary>
    /// <param name="path">The path, its parts separated by dots, such as <c>TaskTemplate.ContainerSpec.Args</c>.</param>
    /// <param name="value">The value in words; null when there is none.</param>
    public static bool IsSecret(string path, string? value)
    {
        var name = Short(path);
        if (name == Labels || name.StartsWith(Labels + ".", StringComparison.Ordinal))
            return Masking.IsSecretName(name) || (value is not null && Masking.IsSecretValue(value));
        if (!Array.Exists(Shown, shown => name == shown || name.StartsWith(shown + ".", StringComparison.Ordinal)))
            return true;
        // Options of a volume driver are credentials of file servers as often as not.
        return name.StartsWith("Mounts", StringComparison.Ordinal) && value?.Contains("DriverConfig", StringComparison.Ordinal) is true;
    }

    /// <summary>A path as people read it.</summary>
    public static string Short(string path) => path.Replace("TaskTemplate.", "", StringComparison.Ordinal).Replace("ContainerSpec.", "", StringComparison.Ordinal);

    /// <summary>
    /// The values of a service that may be secret, to be taken out of what engines and containers say about it. The first word of command and arguments is a program's name: without it
    /// "not found" says nothing.
    /// </summary>
    /// <param name="spec">The service's document.</param>
    /// <param name="templates">The templates of the tasks that it is about: after a rollback theirs is another one than the service's.</param>
    public static IReadOnlyList<string> Known(JsonObject spec, params IEnumerable<JsonNode?> templates)
    {
        var known = SecretLabels(spec).Concat(templates.Prepend(spec["TaskTemplate"]).SelectMany(OfTemplate));
        // Words that say nothing of anyone; masked they would make errors unreadable.
        return [.. known.Where(value => value.Length > 0 && !value.All(char.IsAsciiDigit) && !bool.TryParse(value, out _)).Distinct()];
    }

    private static List<string> OfTemplate(JsonNode? template)
    {
        var known = new List<string>();
        var container = template?["ContainerSpec"];
        known.AddRange(Texts(container?["Env"]).Select(variable => variable.Split('=', 2)).Where(pair => pair.Length == 2).Select(pair => pair[1]));
        known.AddRange(Texts(container?["Command"]).Skip(1));
        // An option is no program: the image's own entry point takes it.
        known.AddRange(Texts(container?["Args"]).Where((word, at) => at > 0 || word.StartsWith('-') || container?["Command"] is JsonArray { Count: > 0 }));
        // An option's value is quoted alone as often as with its name.
        known.AddRange(known.ToList().Where(word => word.StartsWith('-')).Select(word => word.Split('=', 2)).Where(pair => pair.Length == 2).Select(pair => pair[1]));
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

    private static IEnumerable<(string Name, string Value)> Values(JsonNode? table) => (table as JsonObject ?? []).Select(entry => (entry.Key, Text(entry.Value)));

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
