using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using EngineVersion = Docker.DotNet.Models.Version;

namespace SwarmOps.Swarm.Access;

/// <summary>
/// Reads an entry of <c>/nodes</c>. What is large and the same on every node, and of no use here, is left out: the engine's plugins and the swarm's certificate are
/// nine tenths of an entry.
/// </summary>
internal static class MemberDocument
{
    /// <summary>The member that an entry describes.</summary>
    public static NodeListResponse Read(JsonNode json) =>
        new()
        {
            ID = Text(json["ID"]) ?? "",
            Version = json["Version"] is { } version ? new EngineVersion { Index = (ulong?)version["Index"] ?? 0 } : null,
            CreatedAt = Time(json["CreatedAt"]),
            UpdatedAt = Time(json["UpdatedAt"]),
            Spec = json["Spec"] is { } spec ? Specification(spec) : null,
            Description = json["Description"] is { } description ? Machine(description) : null,
            Status = json["Status"] is { } status
                ? new NodeStatus
                {
                    State = Text(status["State"]),
                    Message = Text(status["Message"]),
                    Addr = Text(status["Addr"]),
                }
                : null,
            ManagerStatus = json["ManagerStatus"] is { } manager
                ? new ManagerStatus
                {
                    Leader = (bool?)manager["Leader"] ?? false,
                    Reachability = Text(manager["Reachability"]),
                    Addr = Text(manager["Addr"]),
                }
                : null,
        };

    private static NodeUpdateParameters Specification(JsonNode spec) =>
        new()
        {
            Name = Text(spec["Name"]),
            Role = Text(spec["Role"]),
            Availability = Text(spec["Availability"]),
            Labels = Texts(spec["Labels"]),
        };

    private static NodeDescription Machine(JsonNode description) =>
        new()
        {
            Hostname = Text(description["Hostname"]),
            Platform = description["Platform"] is { } platform
                ? new SwarmPlatform { Architecture = Text(platform["Architecture"]), OS = Text(platform["OS"]) }
                : null,
            Engine = description["Engine"] is { } engine
                ? new EngineDescription { EngineVersion = Text(engine["EngineVersion"]), Labels = Texts(engine["Labels"]) }
                : null,
        };

    /// <summary>Null where the engine leaves it out, as in Docker.DotNet, whose types do not say so.</summary>
    private static string Text(JsonNode? value) => ((string?)value)!;

    private static DateTime? Time(JsonNode? value) => value is JsonValue text && text.TryGetValue<DateTime>(out var time) ? time : null;

    private static Dictionary<string, string> Texts(JsonNode? value) =>
        value is JsonObject pairs ? pairs.ToDictionary(pair => pair.Key, pair => (string?)pair.Value ?? "") : [];
}
