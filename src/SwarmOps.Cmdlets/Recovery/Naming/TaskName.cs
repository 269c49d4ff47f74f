using System.Text.Json.Nodes;

namespace SwarmOps.Recovery.Naming;

/// <summary>A task on an overlay network: its name there must resolve to its address.</summary>
/// <param name="Service">Name of its service.</param>
/// <param name="TaskId">Its id.</param>
/// <param name="NodeId">The member that runs it.</param>
/// <param name="Address">Its address on the network.</param>
internal sealed record TaskName(string Service, string TaskId, string NodeId, string Address)
{
    /// <summary>The name that resolves to the addresses of all tasks of the service, also where the service has a virtual address.</summary>
    public string Name => $"tasks.{Service}";

    /// <summary>The running tasks on a network.</summary>
    /// <param name="tasks">The tasks, as the engine lists them.</param>
    /// <param name="services">Names of services by their ids.</param>
    /// <param name="networkId">The network.</param>
    public static IReadOnlyList<TaskName> Read(JsonNode? tasks, IReadOnlyDictionary<string, string> services, string networkId) =>
        [
            .. (tasks as JsonArray ?? [])
                .OfType<JsonNode>()
                .Where(task => (string?)task["Status"]?["State"] == "running" && (string?)task["DesiredState"] == "running")
                .Select(task => Of(task, services, networkId))
                .OfType<TaskName>(),
        ];

    private static TaskName? Of(JsonNode task, IReadOnlyDictionary<string, string> services, string networkId)
    {
        var attachment = (task["NetworksAttachments"] as JsonArray ?? []).FirstOrDefault(one =>
            (string?)one?["Network"]?["ID"] == networkId
        );
        var address = (string?)(attachment?["Addresses"] as JsonArray)?.FirstOrDefault();
        return address is { Length: > 0 } && services.TryGetValue((string?)task["ServiceID"] ?? "", out var service)
            ? new TaskName(service, (string?)task["ID"] ?? "", (string?)task["NodeID"] ?? "", address.Split('/')[0])
            : null;
    }
}
