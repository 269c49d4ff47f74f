using System.Text.Json.Nodes;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Running;

/// <summary>A task as the engine describes it.</summary>
/// <param name="json">The engine's document.</param>
/// <param name="keepsTemplate">Whether <see cref="Template"/> is needed: it is most of the document, which is otherwise not kept.</param>
internal sealed class TaskState(JsonNode json, bool keepsTemplate = true)
{
    /// <summary>The desired states of a task that the swarm wants: a running one, one that is to replace another, or one of a job.</summary>
    public static readonly string[] WantedStates = ["running", "ready", "complete"];

    /// <summary>States in which a task has ended without success (Docker's task states).</summary>
    private static readonly string[] Failures = ["failed", "rejected", "orphaned"];

    private readonly int? reportedExitCode = (int?)json["Status"]?["ContainerStatus"]?["ExitCode"];
    private readonly JsonNode? template = keepsTemplate ? json["Spec"] : null;
    private readonly bool hasTemplate = keepsTemplate;

    public string Id { get; } = (string?)json["ID"] ?? "";

    public string ServiceId { get; } = (string?)json["ServiceID"] ?? "";

    public int Slot { get; } = (int?)json["Slot"] ?? 0;

    public string NodeId { get; } = (string?)json["NodeID"] ?? "";

    public string State { get; } = (string?)json["Status"]?["State"] ?? "";

    public string DesiredState { get; } = (string?)json["DesiredState"] ?? "";

    public string Error { get; } = (string?)json["Status"]?["Err"] ?? "";

    public string Message { get; } = (string?)json["Status"]?["Message"] ?? "";

    public int? ExitCode => IsOver ? reportedExitCode : null;

    public string? ContainerId { get; } = (string?)json["Status"]?["ContainerStatus"]?["ContainerID"] is { Length: > 0 } id ? id : null;

    public DateTime Since { get; } = ServiceState.Time(json["Status"]?["Timestamp"]);

    public DateTime CreatedAt { get; } = ServiceState.Time(json["CreatedAt"]);

    public string Image { get; } = (string?)json["Spec"]?["ContainerSpec"]?["Image"] ?? "";

    public long JobIteration { get; } = (long?)json["JobIteration"]?["Index"] ?? 0;

    /// <summary>The template that it was created from, which may not be its service's current one.</summary>
    /// <exception cref="InvalidOperationException">It was not kept.</exception>
    public JsonNode? Template => hasTemplate ? template : throw new InvalidOperationException("The template of the task was not kept.");

    /// <summary>Whether the swarm wants it: a running one, or one of a job.</summary>
    public bool IsWanted => WantedStates.Contains(DesiredState);

    public bool IsRunning => State == "running";

    public bool IsComplete => State == "complete";

    public bool HasFailed => Failures.Contains(State);

    public bool IsOver => HasFailed || State is "complete" or "shutdown" or "remove";

    /// <summary>Identifies the slot, or the node of a global service.</summary>
    public string Place => Slot > 0 ? $"#{Slot}" : NodeId;

    /// <summary>Whether it matches the current template in everything that makes the engine replace tasks.</summary>
    public bool IsMadeFrom(JsonNode? template) =>
        Same(template, "ContainerSpec")
        && Same(template, "Resources")
        && Same(template, "ForceUpdate")
        && Same(template, "LogDriver")
        && Same(template, "Networks");

    /// <summary>The task as shown to the user.</summary>
    public SwarmTask Describe(string service, SwarmPlace? place) =>
        new()
        {
            Name = Slot > 0 ? $"{service}.{Slot}" : $"{service}.{place?.Name ?? NodeId}",
            Id = Id,
            Service = service,
            Slot = Slot,
            Node = place?.Name,
            Region = place?.Region,
            State = State,
            DesiredState = DesiredState,
            Error = Error.Length > 0 ? TaskWords.Of(Error) : null,
            ExitCode = ExitCode,
            Image = Image,
            ContainerId = ContainerId,
            Since = Since,
        };

    private bool Same(JsonNode? template, string part) => JsonNode.DeepEquals(template?[part], Template?[part]);
}
