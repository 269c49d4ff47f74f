using System.Globalization;
using System.Text.Json.Nodes;
using SwarmOps.Services.Specification;

namespace SwarmOps.Services.Running;

/// <summary>A service as the engine describes it.</summary>
/// <param name="json">The engine's document, with its status if that was requested.</param>
internal sealed class ServiceState(JsonNode json)
{
    /// <summary>The engine's id.</summary>
    public string Id { get; } = (string?)json["ID"] ?? "";

    /// <summary>The version that an update must specify.</summary>
    public long Version { get; } = (long?)json["Version"]?["Index"] ?? 0;

    /// <summary>The specification, whole.</summary>
    public JsonObject Spec { get; } = json["Spec"] as JsonObject ?? [];

    public string Name => (string?)Spec["Name"] ?? "";

    public SwarmServiceMode Mode => SpecMode.Of(Spec);

    public bool IsJob => Mode is SwarmServiceMode.ReplicatedJob or SwarmServiceMode.GlobalJob;

    /// <summary>Whether a task that exited successfully is not restarted, though the service is no job (restart condition none or on-failure): then complete is a final state.</summary>
    public bool MayComplete => !IsJob && (string?)Template?["RestartPolicy"]?["Condition"] is "none" or "on-failure";

    /// <summary>The template of the tasks.</summary>
    public JsonNode? Template => Spec["TaskTemplate"];

    public string Image => (string?)Template?["ContainerSpec"]?["Image"] ?? "";

    /// <summary>State of the last update; null if there was none.</summary>
    public string? UpdateState => (string?)json["UpdateStatus"]?["State"];

    public string? UpdateMessage => (string?)json["UpdateStatus"]?["Message"];

    /// <summary>
    /// Whether an update or a rollback is under way that the engine ends with the first task that fails. Its actions are pause (the default),
    /// rollback and continue (Engine API, UpdateConfig); with a MaxFailureRatio above 0 it may go on for ever.
    /// </summary>
    public bool EndsUpdateItself =>
        UpdateState is "updating" or "rollback_started"
        && Spec[UpdateState == "updating" ? "UpdateConfig" : "RollbackConfig"] is var policy
        && (string?)policy?["FailureAction"] is not "continue"
        && (double?)policy?["MaxFailureRatio"] is null or 0;

    /// <summary>Number of the job's run; 0 if the service is no job.</summary>
    public long JobIteration => (long?)json["JobStatus"]?["JobIteration"]?["Index"] ?? 0;

    /// <summary>How long a task must run to count as stable: the update policy's monitor time, by default 5 s.</summary>
    public TimeSpan Monitor =>
        (long?)Spec["UpdateConfig"]?["Monitor"] is { } time and > 0
            ? TimeSpan.FromTicks(time / TimeSpan.NanosecondsPerTick)
            : TimeSpan.FromSeconds(5);

    /// <summary>How many tasks are wanted; for a global service the engine counts the tasks that it has created.</summary>
    public int DesiredCount =>
        Mode switch
        {
            SwarmServiceMode.Replicated => (int?)Spec["Mode"]?["Replicated"]?["Replicas"] ?? 0,
            SwarmServiceMode.ReplicatedJob => (int?)Spec["Mode"]?["ReplicatedJob"]?["TotalCompletions"] ?? 1,
            _ => (int?)json["ServiceStatus"]?["DesiredTasks"] ?? 0,
        };

    public DateTime CreatedAt => Time(json["CreatedAt"]);

    public DateTime UpdatedAt => Time(json["UpdatedAt"]);

    /// <summary>The published ports as text.</summary>
    public IReadOnlyList<string> Ports =>
        [
            .. (json["Endpoint"]?["Ports"] as JsonArray ?? Spec["EndpointSpec"]?["Ports"] as JsonArray ?? [])
                .OfType<JsonNode>()
                .Select(port =>
                    $"{(int?)port["PublishedPort"] ?? 0}:{(int?)port["TargetPort"] ?? 0}/{(string?)port["Protocol"]}{((string?)port["PublishMode"] == "host" ? " (host)" : "")}"
                ),
        ];

    /// <summary>Ids of its networks.</summary>
    public IReadOnlyList<string> Networks =>
        [.. (Template?["Networks"] as JsonArray ?? []).Select(network => (string?)network?["Target"] ?? "")];

    public IReadOnlyList<string> Constraints =>
        [.. (Template?["Placement"]?["Constraints"] as JsonArray ?? []).Select(text => (string?)text ?? "")];

    public SwarmEndpointMode EndpointMode =>
        (string?)Spec["EndpointSpec"]?["Mode"] == "dnsrr" ? SwarmEndpointMode.Dnsrr : SwarmEndpointMode.Vip;

    public IReadOnlyDictionary<string, string> Labels =>
        new SortedDictionary<string, string>(
            (Spec["Labels"] as JsonObject ?? []).ToDictionary(label => label.Key, label => (string?)label.Value ?? ""),
            StringComparer.Ordinal
        );

    /// <summary>A time of the engine.</summary>
    internal static DateTime Time(JsonNode? node) =>
        DateTimeOffset.TryParse((string?)node, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime
            : default;
}
