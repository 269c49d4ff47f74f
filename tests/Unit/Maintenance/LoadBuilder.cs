using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.GeoDns.Definition;
using SwarmOps.Maintenance.Suspension;
using SwarmOps.Services.Running;
using TaskState = SwarmOps.Services.Running.TaskState;

namespace SwarmOps.Tests.Unit.Maintenance;

/// <summary>A swarm of the nodes a, b and c, of which a is looked at.</summary>
internal sealed class LoadBuilder
{
    private readonly List<NodeListResponse> members = [Member("a"), Member("b"), Member("c")];
    private readonly List<ConvergenceView> services = [];

    public List<GeoDnsDefinition> Zones { get; } = [];

    public static NodeListResponse Member(string id, string availability = "active", string state = "ready")
    {
        var member = Members.Worker(id, state);
        member.Spec!.Availability = availability;
        return member;
    }

    public LoadBuilder With(NodeListResponse member)
    {
        members.RemoveAll(other => other.ID == member.ID);
        members.Add(member);
        return this;
    }

    /// <summary>Adds a replicated service with a running task on each of the named nodes; a name may occur twice.</summary>
    public LoadBuilder Replicated(string name, string nodes, Action<JsonObject>? change = null) =>
        Service(
            name,
            nodes,
            spec =>
            {
                spec["Mode"] = new JsonObject { ["Replicated"] = new JsonObject { ["Replicas"] = nodes.Length } };
                change?.Invoke(spec);
            },
            isReplicated: true
        );

    /// <summary>Adds a global service with a running task on each of the named nodes.</summary>
    public LoadBuilder Global(string name, string nodes, Action<JsonObject>? change = null) =>
        Service(
            name,
            nodes,
            spec =>
            {
                spec["Mode"] = new JsonObject { ["Global"] = new JsonObject() };
                change?.Invoke(spec);
            },
            isReplicated: false
        );

    public NodeLoad Build() => new(members.Single(member => member.ID == "a"), "a", members, services, Zones);

    public static Action<JsonObject> Label(string name, string value) => spec => spec["Labels"] = new JsonObject { [name] = value };

    public static Action<JsonObject> Constraint(string text) =>
        spec => spec["TaskTemplate"]!["Placement"] = new JsonObject { ["Constraints"] = new JsonArray(text) };

    public static Action<JsonObject> Mount(string type, string source, bool isReadOnly = false) =>
        spec =>
            spec["TaskTemplate"]!["ContainerSpec"]!["Mounts"] = new JsonArray(
                new JsonObject
                {
                    ["Type"] = type,
                    ["Source"] = source,
                    ["Target"] = "/data",
                    ["ReadOnly"] = isReadOnly,
                }
            );

    private LoadBuilder Service(string name, string nodes, Action<JsonObject> change, bool isReplicated)
    {
        var spec = new JsonObject
        {
            ["Name"] = name,
            ["TaskTemplate"] = new JsonObject { ["ContainerSpec"] = new JsonObject { ["Image"] = "image" } },
        };
        change(spec);
        var service = new ServiceState(new JsonObject { ["ID"] = name, ["Spec"] = spec.DeepClone() });
        var tasks = nodes.Select(
            (node, index) =>
                new TaskState(
                    new JsonObject
                    {
                        ["ID"] = $"{name}{index}",
                        ["ServiceID"] = name,
                        ["Slot"] = isReplicated ? index + 1 : 0,
                        ["NodeID"] = node.ToString(),
                        ["DesiredState"] = "running",
                        ["Status"] = new JsonObject { ["State"] = "running" },
                        ["Spec"] = spec["TaskTemplate"]!.DeepClone(),
                    }
                )
        );
        services.Add(new ConvergenceView(service, [.. tasks]));
        return this;
    }
}
