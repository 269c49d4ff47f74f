using SwarmOps.GeoDns.Drain;
using SwarmOps.Nodes;
using SwarmOps.Overlay;
using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Recovery.Naming;

/// <summary>
/// Repairs names that an engine lost when a node was cut off for some seconds (moby issues 53141 and 47728): replaces the tasks of the services whose names are gone, one service
/// after the other, and looks again after each. Nothing is restarted that can be found.
/// </summary>
internal sealed class RepairNamesOperation(IOperationContext context, RepairNamesRequest request)
{
    /// <summary>Runs it and emits the nodes of the swarm.</summary>
    /// <exception cref="SwarmOpsException"><c>OverlayNotFound</c>, <c>OverlayNotAttachable</c>, those of services and the transport.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit).ConfigureAwait(false);
        var members = OverlayNetworks.Members(context, swarm);
        var networks = await OverlayNetworks.ListAsync(swarm.View.Manager, context.CancellationToken).ConfigureAwait(false);
        var listed =
            networks.Where(OverlayNetwork.IsOverlay).FirstOrDefault(network => network.Name == request.Overlay)
            ?? throw OverlayErrors.OverlayNotFound(request.Overlay, swarm.View.SwarmId);
        if (!listed.Attachable)
            throw OverlayErrors.OverlayNotAttachable(request.Overlay);
        var search = new NameSearch(context, swarm, new OverlayNetwork(listed), request.ThrottleLimit);
        var lost = await search.FindAsync(members, request.Patience).ConfigureAwait(false);
        if (lost.Count == 0)
            context.WriteVerbose($"Every name of a task on '{request.Overlay}' resolves on {members.Count} nodes.");
        foreach (var service in lost.Select(name => name.Task.Service).Distinct().Order(StringComparer.Ordinal).ToList())
        {
            // The one before may have brought back more than its own name: its node took part in the network anew.
            if (lost.Any(name => name.Task.Service == service))
                lost = await RepairAsync(search, members, service, lost).ConfigureAwait(false);
        }

        foreach (var node in swarm.Nodes.Where(node => node.NodeId is not null))
            context.WriteObject(node);
        context.WriteProgress(new OperationProgress(0, "Repair-Swarm", "Done", 100, Completed: true));
    }

    /// <returns>The names that are lost afterwards.</returns>
    private async Task<IReadOnlyList<LostName>> RepairAsync(
        NameSearch search,
        IReadOnlyList<NodeObservation> members,
        string service,
        IReadOnlyList<LostName> lost
    )
    {
        var places = string.Join(", ", lost.Where(name => name.Task.Service == service).Select(name => $"'{name.From}'").Distinct());
        var action = $"Replace its tasks: on {places} their names do not resolve, although packets arrive";
        if (!await context.ShouldProcessAsync($"service '{service}'", action).ConfigureAwait(false))
            return lost;
        var relay = new RelayedContext(context, answer: true);
        await new UpdateServiceOperation(
            relay,
            new UpdateServiceRequest(
                request.Nodes,
                [service],
                new ServiceRequest
                {
                    Name = service,
                    KeepsOthers = true,
                    Force = true,
                }
            )
            {
                Options = new ServiceOptions
                {
                    Timeout = request.Timeout,
                    ThrottleLimit = request.ThrottleLimit,
                    Traffic = new GeoDnsTraffic(),
                },
            }
        ).RunAsync().ConfigureAwait(false);
        foreach (var warning in relay.Warnings)
            context.WriteWarning(warning);
        foreach (var error in relay.Errors)
            context.WriteError(error);
        var now = await search.FindAsync(members, request.Patience).ConfigureAwait(false);
        var left = now.Where(name => name.Task.Service == service).ToList();
        if (left.Count > 0)
            context.WriteError(
                RecoveryErrors.NamesStillLost(
                    service,
                    [.. left.Select(name => name.From).Distinct()],
                    [
                        .. left.Select(name =>
                                members.FirstOrDefault(member => member.NodeId == name.Task.NodeId)?.Node.Name ?? name.Task.NodeId
                            )
                            .Distinct(),
                    ]
                )
            );
        return now;
    }
}
