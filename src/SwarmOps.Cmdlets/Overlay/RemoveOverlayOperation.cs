using System.Net;
using Docker.DotNet;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Overlay;

/// <summary>Removes overlay networks of one swarm, and with the last encrypted one the NAT rule.</summary>
internal sealed class RemoveOverlayOperation(IOperationContext context, RemoveOverlayRequest request)
{
    /// <summary>Removes networks. One that cannot be removed is reported as an error; the others continue.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SwarmSession"/> and the transport.</exception>
    public async Task RunAsync()
    {
        foreach (var target in request.Targets)
            OverlayRules.CheckName(target.Name);
        var swarm = await SwarmSession.FindAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
        swarm.ReportSilent();
        var members = OverlayNetworks.Members(context, swarm);
        var overlays = (await OverlayNetworks.OverlaysAsync(swarm.View.Manager, context.CancellationToken).ConfigureAwait(false)).ToList();
        var found = request
            .Targets.Select(target => Find(target, overlays, swarm.View.SwarmId))
            .OfType<OverlayNetwork>()
            .DistinctBy(network => network.Id)
            .ToList();
        var planned = overlays.ToList();
        var ruleGoesToo = false;
        foreach (var network in found)
        {
            planned.Remove(network);
            var isLast = network.Encrypted && !request.SkipNatRepair && !planned.Any(other => other.Encrypted);
            if (!await RemoveReportedAsync(swarm, members, network, isLast).ConfigureAwait(false))
                continue;
            overlays.Remove(network);
            ruleGoesToo |= isLast;
        }

        // A run that was interrupted between removing the network and the rule is completed by the next, which finds no network.
        if (!request.SkipNatRepair && !overlays.Any(network => network.Encrypted) && (ruleGoesToo || found.Count < request.Targets.Count))
            await RemoveRuleAsync(swarm, members, ask: !ruleGoesToo).ConfigureAwait(false);
    }

    private OverlayNetwork? Find(OverlayTarget target, List<OverlayNetwork> overlays, string swarmId)
    {
        if (overlays.FirstOrDefault(overlay => target.Id is null ? overlay.Name == target.Name : overlay.Id == target.Id) is { } network)
        {
            if (!network.IsIngress)
                return network;
            context.WriteError(OverlayErrors.OverlayIsIngress(network.Name));
        }
        else if (target.Id is null)
            context.WriteError(OverlayErrors.OverlayNotFound(target.Name, swarmId));
        else
            context.WriteVerbose($"The overlay network '{target.Name}' ({target.Id}) has already been removed.");

        return null;
    }

    private async Task<bool> RemoveReportedAsync(
        SwarmSession swarm,
        IReadOnlyList<NodeObservation> members,
        OverlayNetwork network,
        bool isLast
    )
    {
        var action =
            $"Remove the overlay network '{network.Name}'{(isLast ? ", and the NAT rule from the nodes, since it is the last encrypted one" : "")}";
        try
        {
            var users = await OverlayUsers.FindAsync(context, swarm, members, network, request.ThrottleLimit).ConfigureAwait(false);
            if (users.Staying.Count > 0)
                throw OverlayErrors.OverlayInUse(network.Name, users.Staying);
            if (!await context.ShouldProcessAsync($"swarm {swarm.View.SwarmId}", action).ConfigureAwait(false))
                return false;
            Say($"Removing '{network.Name}'");
            await RemoveAsync(swarm, members, network, users).ConfigureAwait(false);
            Say($"Waiting until '{network.Name}' is removed from every node");
            await NodeSet
                .ForEachAsync(
                    context,
                    members.Select(member => member.Node).ToList(),
                    request.ThrottleLimit,
                    node => WaitUntilGoneAsync(node, network)
                )
                .ConfigureAwait(false);
            return true;
        }
        catch (SwarmOpsException error)
        {
            context.WriteError(error);
            return false;
        }
    }

    /// <summary>Removes a network whose last containers may still be ending.</summary>
    private async Task RemoveAsync(SwarmSession swarm, IReadOnlyList<NodeObservation> members, OverlayNetwork network, OverlayUsers users)
    {
        OverlayUsers? known = users;
        SwarmOpsException? refusal = null;
        var removed = await Polling
            .UntilAsync(
                async () =>
                {
                    users =
                        known
                        ?? await OverlayUsers.FindAsync(context, swarm, members, network, request.ThrottleLimit).ConfigureAwait(false);
                    known = null;
                    if (users.Staying.Count > 0)
                        throw OverlayErrors.OverlayInUse(network.Name, users.Staying);
                    if (users.Leaving.Count > 0)
                        return null;
                    refusal = await TryDeleteAsync(swarm.View.Manager, network).ConfigureAwait(false);
                    return refusal is null ? network : null;
                },
                request.Timeout,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        if (removed is null)
            throw OverlayErrors.OverlayInUse(
                network.Name,
                users.Leaving.Count > 0 ? users.Leaving : [$"something that is not on the nodes of the node set ({refusal?.Message})"],
                refusal
            );
    }

    /// <summary>Deletes a network.</summary>
    /// <returns>Null when it is deleted; the engine's error when the network is in use.</returns>
    private async Task<SwarmOpsException?> TryDeleteAsync(INodeConnection manager, OverlayNetwork network)
    {
        try
        {
            await manager
                .TellAsync(engine => engine.Networks.DeleteNetworkAsync(network.Id, context.CancellationToken), context.CancellationToken)
                .ConfigureAwait(false);
            return null;
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api && IsInUse(api))
        {
            return error;
        }
    }

    /// <summary>The error texts of swarmkit ("is in use by task ...") and libnetwork ("has active endpoints").</summary>
    private static bool IsInUse(DockerApiException api) =>
        TransportErrors.MessageOf(api) is var message
        && (
            message.Contains("in use", StringComparison.OrdinalIgnoreCase)
            || message.Contains("active endpoints", StringComparison.OrdinalIgnoreCase)
        );

    private async Task<SwarmNode> WaitUntilGoneAsync(SwarmNode node, OverlayNetwork network)
    {
        var connection = context.Connection(node);
        var gone = await Polling
            .UntilAsync(
                async () =>
                    await OverlayNetworks.FindAsync(connection, network.Id, context.CancellationToken).ConfigureAwait(false) is null
                        ? node
                        : null,
                request.Timeout,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        return gone ?? throw OverlayErrors.OverlayNotGone(network.Name, node, request.Timeout);
    }

    private async Task RemoveRuleAsync(SwarmSession swarm, IReadOnlyList<NodeObservation> members, bool ask)
    {
        const string action = "Remove the NAT rule: the swarm has no encrypted overlay network any more";
        var repair = new NatRepair(context, request.ThrottleLimit, request.Timeout, NatRepair.DataPathPort(swarm));
        var agreed = new List<NatObservation>();
        foreach (
            var observation in (await repair.ObserveAsync(members).ConfigureAwait(false)).Where(observation => observation.Report.HasTrace)
        )
        {
            if (!ask || await context.ShouldProcessAsync(observation.Member.Node.Name, action).ConfigureAwait(false))
                agreed.Add(observation);
        }

        if (agreed.Count > 0)
            Say($"Removing the NAT rule from {agreed.Count} nodes");
        await repair.RemoveAsync(agreed).ConfigureAwait(false);
    }

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, "Remove-SwarmOverlay", status));
}
