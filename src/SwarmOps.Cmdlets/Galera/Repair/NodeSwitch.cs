using System.Net;
using System.Text.Json.Nodes;
using Docker.DotNet;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Galera.Repair;

/// <summary>Stops and starts single nodes of a cluster, in either layout; a stopped node is not restarted by the swarm.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="reader">Reads the cluster's services.</param>
/// <param name="cluster">Name of the cluster.</param>
internal sealed class NodeSwitch(SwarmSession swarm, GaleraReader reader, string cluster)
{
    /// <summary>More than the services' stop grace period (120 s).</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(180);

    /// <summary>
    /// A server that found no Primary Component at startup accepts no connections and ignores SIGTERM: it exits when its service's grace period is over (120 s measured). It
    /// accepts no writes meanwhile, and its position is recovered from disk at the next start, as after any kill.
    /// </summary>
    private static readonly TimeSpan StopLimitOutsidePrimary = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether the service's specification keeps a node from running.</summary>
    public async Task<bool> IsStoppedAsync(GaleraNode node) => IsStopped(await ServiceAsync(node).ConfigureAwait(false), MemberId(node));

    /// <summary>Stops a node and waits until its container is removed: cleanly, or by a kill if it is not in a Primary Component and does not exit.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNodeDoesNotStop</c>, the transport's errors.</exception>
    public async Task StopAsync(GaleraNode node)
    {
        var service = await ServiceAsync(node).ConfigureAwait(false);
        await new ServiceUpdater(swarm).UpdateAsync(service.Id, now => Wanted(now, MemberId(node), runs: false)).ConfigureAwait(false);
        var deadline = Deadline.In(StopLimit);
        var patience = Deadline.In(PatienceWith(node));
        while (await RunningAsync(node, service.Id).ConfigureAwait(false) is { Count: > 0 } running)
        {
            if (!deadline.LeavesTimeFor(Pause))
                throw RepairErrors.GaleraNodeDoesNotStop(node.Node, StopLimit);
            if (!patience.LeavesTimeFor(Pause))
                await KillAsync(node, running).ConfigureAwait(false);
            await Task.Delay(Pause, swarm.Context.CancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>How long a node may take for a clean shutdown. A node that does not report its state (wrong password, too many connections) may be Synced.</summary>
    internal static TimeSpan PatienceWith(GaleraNode node) =>
        node.TakesNoConnections || (node.ClusterStatus is not null && !ClusterWatch.IsPrimary(node)) ? StopLimitOutsidePrimary : StopLimit;

    /// <summary>Starts a node.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task StartAsync(GaleraNode node)
    {
        var service = await ServiceAsync(node).ConfigureAwait(false);
        await new ServiceUpdater(swarm).UpdateAsync(service.Id, now => Wanted(now, MemberId(node), runs: true)).ConfigureAwait(false);
    }

    /// <summary>The specification that makes a node run or not: by replicas, or for a global service by a constraint.</summary>
    internal static JsonObject Wanted(ServiceState service, string memberId, bool runs)
    {
        var spec = service.Spec.DeepClone().AsObject();
        if (service.Mode != SwarmServiceMode.Global)
        {
            spec.Child("Mode").Child("Replicated")["Replicas"] = runs ? 1 : 0;
            return spec;
        }

        var constraints = service.Constraints.Where(constraint => Plain(constraint) != Without(memberId)).ToList();
        if (!runs)
            constraints.Add(Without(memberId));
        spec.Child("TaskTemplate").Child("Placement")["Constraints"] = new JsonArray([
            .. constraints.Select(constraint => (JsonNode)constraint),
        ]);
        return spec;
    }

    /// <summary>Whether a service's specification keeps a node from running.</summary>
    internal static bool IsStopped(ServiceState service, string memberId) =>
        service.Mode == SwarmServiceMode.Global
            ? service.Constraints.Any(constraint => Plain(constraint) == Without(memberId))
            : service.DesiredCount == 0;

    private static string Without(string memberId) => $"node.id!={memberId}";

    private static string Plain(string constraint) => constraint.Replace(" ", "", StringComparison.Ordinal);

    /// <summary>Whether a node's container exists, according to the engine.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNodeOutOfReach</c>, the transport's errors.</exception>
    public async Task<bool> IsRunningAsync(GaleraNode node) =>
        await RunningAsync(node, (await ServiceAsync(node).ConfigureAwait(false)).Id).ConfigureAwait(false) is { Count: > 0 };

    /// <summary>The service that runs a node.</summary>
    /// <exception cref="SwarmOpsException"><c>ServiceNotFound</c>, the transport's errors.</exception>
    public async Task<ServiceState> ServiceAsync(GaleraNode node) =>
        (await reader.ServicesAsync().ConfigureAwait(false))[cluster].FirstOrDefault(service => service.Name == node.Service)
        ?? throw ServiceErrors.ServiceNotFound(node.Service, swarm.SwarmId);

    private string MemberId(GaleraNode node) => swarm.Members.FirstOrDefault(member => member.Value.Name == node.Node).Key ?? node.Node;

    /// <summary>The existing containers of a node.</summary>
    private Task<IReadOnlyList<string>> RunningAsync(GaleraNode node, string serviceId) =>
        ServiceContainers.ListAsync(
            Connection(node),
            serviceId,
            ["created", "running", "restarting", "removing", "paused"],
            swarm.Context.CancellationToken
        );

    private async Task KillAsync(GaleraNode node, IReadOnlyList<string> containers)
    {
        var token = swarm.Context.CancellationToken;
        swarm.Context.WriteVerbose($"{node.Node}: the server is not in a Primary Component and does not exit; killing it");
        foreach (var container in containers)
        {
            try
            {
                await new EngineContainers(Connection(node)).KillAsync(container, token).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
                when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Conflict })
            {
                // It has exited by itself.
            }
        }
    }

    private INodeConnection Connection(GaleraNode node) =>
        swarm.Context.Connection(
            swarm.Nodes.FirstOrDefault(candidate => candidate.Name == node.Node) ?? throw RepairErrors.GaleraNodeOutOfReach(node.Node)
        );
}
