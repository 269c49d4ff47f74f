using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmOps.Services.Specification;

namespace SwarmOps.Tests;

/// <summary>
/// What an engine 20.10 gives back of a service's document: a second opinion beside the module's own table, written in the engine's terms (types without
/// "missing", pointers, words). The lab proves it against a real engine with the documents of <see cref="SpecGenerator"/>.
/// </summary>
internal static class EngineModel
{
    /// <summary>The document that the engine answers, in the engine's order of fields.</summary>
    public static JsonObject Keep(JsonObject spec) =>
        new Part(spec)
            .Always("Name", spec["Name"])
            .Always("Labels", Table(spec["Labels"]) ?? [])
            .Always("TaskTemplate", Task(spec["TaskTemplate"]!.AsObject()))
            .Always("Mode", Mode(spec["Mode"] as JsonObject ?? []))
            .If("UpdateConfig", Policy(spec["UpdateConfig"]))
            .If("RollbackConfig", Policy(spec["RollbackConfig"]))
            .If(
                "EndpointSpec",
                spec["EndpointSpec"] is JsonObject endpoint
                    ? new Part(endpoint)
                        .Word("Mode", "vip")
                        .Each(
                            "Ports",
                            port =>
                                new Part(port)
                                    .Scalar("Name")
                                    .Word("Protocol", "tcp")
                                    .Scalar("TargetPort")
                                    .Scalar("PublishedPort")
                                    .Word("PublishMode", "ingress")
                                    .Made
                        )
                        .Made
                    : null
            )
            .Made;

    private static JsonObject Task(JsonObject task) =>
        new Part(task)
            .Always("ContainerSpec", Container(task["ContainerSpec"]!.AsObject()))
            .If(
                "Resources",
                task["Resources"] is JsonObject resources
                    ? new Part(resources)
                        .Child("Limits", limits => limits.Scalar("NanoCPUs").Scalar("MemoryBytes").Scalar("Pids"))
                        .Child(
                            "Reservations",
                            reserved =>
                                reserved
                                    .Scalar("NanoCPUs")
                                    .Scalar("MemoryBytes")
                                    .Each("GenericResources", resource => resource.DeepClone().AsObject())
                        )
                        .Made
                    : null
            )
            .Child(
                "RestartPolicy",
                policy =>
                    policy
                        .Word("Condition", "any")
                        .Pointer("Delay")
                        .Always("MaxAttempts", policy.Given["MaxAttempts"] ?? 0)
                        .Pointer("Window")
            )
            .Child(
                "Placement",
                placement =>
                    placement
                        .Texts("Constraints")
                        .Each("Preferences", preference => preference.DeepClone().AsObject())
                        .Scalar("MaxReplicas")
                        .Each("Platforms", platform => new Part(platform).Scalar("Architecture").Scalar("OS").Made)
            )
            .Child("LogDriver", driver => driver.Scalar("Name").Table("Options"))
            .Always("ForceUpdate", task["ForceUpdate"] ?? 0)
            .Word("Runtime", "container")
            .Made;

    private static JsonObject Container(JsonObject container) =>
        new Part(container)
            .Scalar("Image")
            .Table("Labels")
            .Texts("Command")
            .Texts("Args")
            .Scalar("Hostname")
            .Texts("Env")
            .Scalar("Dir")
            .Scalar("User")
            .Texts("Groups")
            .Child(
                "Privileges",
                privileges =>
                    privileges
                        .Always("CredentialSpec", null)
                        .Always(
                            "SELinuxContext",
                            privileges.Given["SELinuxContext"] is JsonObject context
                                ? new Part(context)
                                    .Always("Disable", context["Disable"] ?? false)
                                    .Always("User", context["User"] ?? "")
                                    .Always("Role", "")
                                    .Always("Type", "")
                                    .Always("Level", "")
                                    .Made
                                : null
                        )
            )
            .Pointer("Init")
            .Scalar("StopSignal")
            .Scalar("TTY")
            .Scalar("OpenStdin")
            .Scalar("ReadOnly")
            .Each("Mounts", Mount)
            .Pointer("StopGracePeriod")
            .Child(
                "Healthcheck",
                health => health.Texts("Test").Scalar("Interval").Scalar("Timeout").Scalar("StartPeriod").Scalar("Retries")
            )
            .Texts("Hosts")
            .Child("DNSConfig", dns => dns.Texts("Nameservers").Texts("Search").Texts("Options"))
            .Word("Isolation", "default")
            .Table("Sysctls")
            .Texts("CapabilityAdd")
            .Texts("CapabilityDrop")
            .Each("Ulimits", limit => limit.DeepClone().AsObject())
            .Made;

    private static JsonObject Mount(JsonObject mount)
    {
        var bind = mount["BindOptions"] as JsonObject;
        var recursive = (bool?)bind?["NonRecursive"] is not true;
        return new Part(mount)
            .Word("Type", "bind")
            .Scalar("Source")
            .Scalar("Target")
            .Scalar("ReadOnly")
            .If(
                "BindOptions",
                bind is not null && ((string?)bind["Propagation"] is { Length: > 0 } || !recursive)
                    ? new Part(bind).Word("Propagation", "rprivate").Scalar("NonRecursive").Made
                    : null
            )
            .Child("VolumeOptions", volume => volume.Scalar("NoCopy").Table("Labels"))
            .Child("TmpfsOptions", tmpfs => tmpfs.Scalar("SizeBytes").Scalar("Mode"))
            .Made;
    }

    private static JsonObject Mode(JsonObject mode) =>
        mode["Global"] is not null
            ? new JsonObject { ["Global"] = new JsonObject() }
            : new JsonObject { ["Replicated"] = new JsonObject { ["Replicas"] = mode["Replicated"]?["Replicas"]?.DeepClone() ?? 1 } };

    private static JsonObject? Policy(JsonNode? given) =>
        given is JsonObject policy
            ? new Part(policy)
                .Always("Parallelism", policy["Parallelism"] ?? 0)
                .Scalar("Delay")
                .Word("FailureAction", "pause")
                .Scalar("Monitor")
                .Always(
                    "MaxFailureRatio",
                    JsonNode.Parse(((float?)policy["MaxFailureRatio"]?.GetValue<double>() ?? 0).ToString("R", CultureInfo.InvariantCulture))
                )
                .Word("Order", "stop-first")
                .Made
            : null;

    private static JsonObject? Table(JsonNode? given) =>
        given is JsonObject { Count: > 0 } table
            ? new JsonObject(
                table
                    .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                    .Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone()))
            )
            : null;

    private sealed class Part(JsonObject given)
    {
        public JsonObject Given { get; } = given;

        public JsonObject Made { get; } = [];

        public Part Always(string name, JsonNode? value)
        {
            Made[name] = value?.DeepClone();
            return this;
        }

        public Part If(string name, JsonNode? value) => value is null ? this : Always(name, value);

        /// <summary>The zero of its type is left out.</summary>
        public Part Scalar(string name) =>
            If(name, Given[name] is { } value && value.ToJsonString() is not ("\"\"" or "0" or "false") ? value : null);

        public Part Pointer(string name) => If(name, Given[name]);

        public Part Word(string name, string otherwise) => Always(name, (string?)Given[name] is { Length: > 0 } word ? word : otherwise);

        public Part Texts(string name) => If(name, Given[name] is JsonArray { Count: > 0 } list ? list : null);

        public Part Table(string name) => If(name, EngineModel.Table(Given[name]));

        public Part Each(string name, Func<JsonObject, JsonObject> item) =>
            If(
                name,
                Given[name] is JsonArray { Count: > 0 } list ? new JsonArray([.. list.Select(entry => item(entry!.AsObject()))]) : null
            );

        public Part Child(string name, Func<Part, Part> fill) =>
            If(name, Given[name] is JsonObject child ? fill(new Part(child)).Made : null);
    }
}
