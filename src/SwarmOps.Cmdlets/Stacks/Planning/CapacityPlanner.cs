using System.Globalization;
using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Services.Running;
using SwarmOps.Stacks.Model;
using SwarmOps.Swarm.Access;
using TaskState = SwarmOps.Services.Running.TaskState;

namespace SwarmOps.Stacks.Planning;

/// <summary>
/// Finds services whose reservations no node, or too few, can meet: the swarm would leave their tasks pending. A node offers what its engine reports, less the reservations of
/// the tasks there (swarmkit, manager/scheduler/nodeinfo.go). Each service is judged by itself, so that what is reported is certain.
/// </summary>
/// <param name="swarm">The swarm.</param>
/// <param name="state">What the swarm has.</param>
/// <param name="findings">Where shortages go.</param>
internal sealed class CapacityPlanner(SwarmSession swarm, StackState state, StackFindings findings)
{
    /// <summary>Checks the services that are about to change.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task CheckAsync(IReadOnlyList<ServiceStep> services)
    {
        var wanted = services.Where(step => step.Changes && step.Service.Replicas is not 0 && Reserves(step.Service.Resources)).ToList();
        if (wanted.Count == 0)
            return;
        var listing = swarm.GetAsync("/nodes");
        var tasks = await ServiceReader.WantedTasksAsync(swarm).ConfigureAwait(false);
        var offers = (await listing.ConfigureAwait(false) as JsonArray ?? [])
            .OfType<JsonNode>()
            .ToDictionary(node => (string?)node["ID"] ?? "", node => node["Description"]?["Resources"], StringComparer.Ordinal);
        foreach (var step in wanted)
            Check(step, offers, tasks);
    }

    private static bool Reserves(StackResources resources) =>
        resources.ReserveNanoCpu is > 0 || resources.ReserveMemory is > 0 || resources.Generic.Count > 0;

    internal void Check(ServiceStep step, IReadOnlyDictionary<string, JsonNode?> offers, IReadOnlyDictionary<string, List<TaskState>> tasks)
    {
        var service = step.Service;
        var nodes = swarm
            .View.Members.Where(member => PlacementMatch.TakesTasks(member) && PlacementMatch.Meets(member, service.Constraints))
            .ToList();
        // That there is none was reported as such.
        if (nodes.Count == 0)
            return;
        var room = nodes.ToDictionary(
            node => node,
            node =>
                Math.Min(
                    Slots(node, step, offers.GetValueOrDefault(node.ID), tasks),
                    service.MaxReplicasPerNode is > 0 and var most ? most : long.MaxValue
                )
        );
        var lacking = nodes.Where(node => room[node] == 0).Select(node => swarm.Place(node.ID)?.ToString() ?? node.ID).ToList();
        var fits = room.Values.Aggregate(0L, (sum, slots) => slots > long.MaxValue - sum ? long.MaxValue : sum + slots);
        var needed = service.Replicas ?? 1;
        var isGlobal = service.Mode is SwarmServiceMode.Global or SwarmServiceMode.GlobalJob;
        if (isGlobal ? lacking.Count == 0 : fits >= needed)
            return;
        findings.Add(
            isGlobal
                ? $"'{step.Name}' reserves {Words(service.Resources)} on every node, and these have less to offer: {string.Join(", ", lacking)}"
                : $"'{step.Name}' reserves {Words(service.Resources)} for each of {needed} tasks, and the nodes that may run it have room for {fits}",
            "Lower the reservation or the number of replicas, or add a node."
        );
    }

    /// <summary>How many tasks of a service a node has room for. Its own tasks there are replaced, so what they reserve is free again.</summary>
    private long Slots(NodeListResponse node, ServiceStep step, JsonNode? offer, IReadOnlyDictionary<string, List<TaskState>> tasks)
    {
        if (offer is null)
            return long.MaxValue;
        var others = state
            .Services.Where(service => service.Id != step.Present?.Id)
            .Select(service =>
                (
                    Reserved: service.Template?["Resources"]?["Reservations"],
                    Count: tasks.GetValueOrDefault(service.Id)?.Count(task => task.NodeId == node.ID && !task.IsOver) ?? 0
                )
            )
            .Where(use => use.Count > 0)
            .ToList();
        var resources = step.Service.Resources;
        return resources
            .Generic.Select(generic =>
                Fit(generic.Count, Generic(offer, generic.Kind) - others.Sum(use => use.Count * Generic(use.Reserved, generic.Kind)))
            )
            .Append(Fit(resources.ReserveNanoCpu, Free("NanoCPUs")))
            .Append(Fit(resources.ReserveMemory, Free("MemoryBytes")))
            .Min();

        long Free(string what) => ((long?)offer[what] ?? 0) - others.Sum(use => use.Count * ((long?)use.Reserved?[what] ?? 0));
    }

    private static long Fit(long? each, long free) => each is > 0 and var size ? Math.Max(0, free) / size : long.MaxValue;

    /// <summary>The number of generic resources of a kind: counted, or listed by name.</summary>
    private static long Generic(JsonNode? resources, string kind) =>
        (resources?["GenericResources"] as JsonArray ?? [])
            .OfType<JsonNode>()
            .Sum(resource =>
                (string?)resource["DiscreteResourceSpec"]?["Kind"] == kind ? (long?)resource["DiscreteResourceSpec"]?["Value"] ?? 0
                : (string?)resource["NamedResourceSpec"]?["Kind"] == kind ? 1
                : 0
            );

    private static string Words(StackResources resources)
    {
        var parts = new List<string>();
        if (resources.ReserveNanoCpu is > 0 and var cpu)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{cpu / 1e9:0.###} processors"));
        if (resources.ReserveMemory is > 0 and var memory)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{memory / 1048576.0:0.#} MiB of memory"));
        parts.AddRange(resources.Generic.Select(generic => $"{generic.Count} {generic.Kind}"));
        return string.Join(" and ", parts);
    }
}
