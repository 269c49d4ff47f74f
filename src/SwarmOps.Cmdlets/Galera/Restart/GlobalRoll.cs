using System.Text.Json.Nodes;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Restart;

/// <summary>
/// Changes the nodes of one global service one at a time. The swarm replaces the tasks in its own order; an update delay that
/// never ends holds it back, and each further update replaces one more task. An interrupted run leaves the delay, and the next run continues.
/// </summary>
/// <param name="swarm">The swarm.</param>
/// <param name="service">Name of the service.</param>
/// <param name="change">The change.</param>
/// <param name="replacement">Replaces tasks.</param>
internal sealed class GlobalRoll(SwarmSession swarm, string service, RestartChange change, TaskReplacement replacement)
{
    /// <summary>Label of a service that is held back; it contains the original update policy.</summary>
    public const string HeldLabel = "swarmops.galera.update";

    /// <summary>A delay longer than any run.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromDays(3650);

    /// <summary>The hosts whose node does not run with the change yet.</summary>
    public async Task<IReadOnlyList<string>> OutdatedAsync()
    {
        var now = await FindAsync().ConfigureAwait(false);
        var template = change.Apply(now)["TaskTemplate"];
        var tasks = await ServiceReader.TasksAsync(swarm, [now.Id]).ConfigureAwait(false);
        return
        [
            .. tasks
                .Where(task => task.IsWanted)
                .GroupBy(task => task.Place)
                .Select(place => place.First())
                .Where(task => !task.IsMadeFrom(template))
                .Select(task => swarm.Place(task.NodeId)?.Name ?? task.NodeId),
        ];
    }

    /// <summary>Makes the swarm change one more node, and waits until it has a new container.</summary>
    /// <returns>The host.</returns>
    /// <exception cref="SwarmOpsException">Those of <see cref="TaskReplacement"/>.</exception>
    public async Task<string> NextAsync()
    {
        var task = await replacement
            .RunAsync(await FindAsync().ConfigureAwait(false), now => Held(change.Apply(now)), service)
            .ConfigureAwait(false);
        return swarm.Place(task.NodeId)?.Name ?? task.NodeId;
    }

    /// <summary>Restores the service's update policy.</summary>
    /// <exception cref="SwarmOpsException">Those of services and the transport.</exception>
    public async Task EndAsync() => await new ServiceUpdater(swarm).UpdateAsync(service, now => Released(now.Spec)).ConfigureAwait(false);

    /// <summary>The specification with the delay; a different one each time, since only a change makes the swarm continue.</summary>
    internal static JsonObject Held(JsonObject spec)
    {
        var labels = spec.Child("Labels");
        labels[HeldLabel] ??= spec["UpdateConfig"]?.ToJsonString() ?? "";
        var policy = spec.Child("UpdateConfig");
        policy["Parallelism"] = 1;
        policy["FailureAction"] = "pause";
        policy["Order"] = "stop-first";
        policy["Delay"] = (long?)policy["Delay"] == Never.Nanoseconds() ? Never.Nanoseconds() + 1 : Never.Nanoseconds();
        return spec;
    }

    /// <summary>The specification without the delay; null if it has none.</summary>
    internal static JsonObject? Released(JsonObject spec)
    {
        if ((string?)spec["Labels"]?[HeldLabel] is not { } held)
            return null;
        var released = spec.DeepClone().AsObject();
        released.Child("Labels").Remove(HeldLabel);
        if (held.Length > 0)
            released["UpdateConfig"] = JsonNode.Parse(held);
        else
            released.Remove("UpdateConfig");
        return released;
    }

    private async Task<ServiceState> FindAsync() =>
        await ServiceReader.FindAsync(swarm, service).ConfigureAwait(false) ?? throw ServiceErrors.ServiceNotFound(service, swarm.SwarmId);
}
