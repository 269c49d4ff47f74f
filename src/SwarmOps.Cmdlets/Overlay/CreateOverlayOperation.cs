using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Overlay.Proof;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Overlay;

/// <summary>Creates an overlay network, installs the NAT rule where needed, and verifies both.</summary>
internal sealed class CreateOverlayOperation(IOperationContext context, CreateOverlayRequest request)
{
    /// <summary>Creates the network unless it exists, and writes it to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Any of <see cref="OverlayErrors"/>; those of <see cref="SwarmSession"/>.</exception>
    public async Task RunAsync()
    {
        var plan = OverlayRules.Check(request.Overlay);
        Say($"Reading {request.Nodes.Count} nodes and their networks");
        var swarm = await SwarmSession.FindAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
        swarm.ReportSilent();
        OverlayRules.CheckRoom(plan, swarm.View.Members.Count);
        var members = OverlayNetworks.Members(context, swarm);
        var repair = new NatRepair(context, request.ThrottleLimit, request.Timeout, NatRepair.DataPathPort(swarm));
        var repairs = plan.Request.Encrypted && !request.SkipNatRepair;

        var here = CallChain.Mark.Here();
        var looking = repairs
            ? CallChain.BesideAsync(() => repair.ObserveAsync(members), here)
            : Task.FromResult<IReadOnlyList<NatObservation>>([]);
        var (existing, isListed) = await CallChain.BesideAsync(() => FindExistingAsync(swarm, members, plan), here).ConfigureAwait(false);
        var observations = await looking.ConfigureAwait(false);
        Warn(swarm, members, plan, repairs);

        Say(existing is null ? $"Creating '{plan.Name}'" : $"Checking '{plan.Name}'");
        var agreed = existing is not null || await AskAsync(swarm, plan).ConfigureAwait(false);
        // The hosts and the managers work at the same time.
        here = CallChain.Mark.Here();
        var providing = CallChain.BesideAsync(
            () =>
                isListed ? Task.FromResult(existing)
                : agreed ? ProvideAsync(swarm, plan, existing)
                : Task.FromResult<OverlayNetwork?>(null),
            here
        );
        var repaired = await CallChain
            .BesideAsync(() => repair.ApplyAsync(observations, count => Say($"Installing the NAT rule: {count} nodes left")), here)
            .ConfigureAwait(false);
        if (agreed)
            Say($"Waiting until all managers list '{plan.Name}'");
        if (await providing.ConfigureAwait(false) is not { } network)
            return;
        var ready = repairs ? members.Where(member => repaired.Any(observation => observation.Member == member)) : members;
        if (request.Verify)
            await ProveAsync(members, plan.Name).ConfigureAwait(false);
        context.WriteObject(
            network.Describe(swarm.View.SwarmId, repairs ? repair.Describe(members, repaired) : [], [.. ready.Select(swarm.Describe)])
        );
    }

    /// <returns>The network, if it exists, and whether it is verified already: allocated, and listed by another manager where there is one.</returns>
    private async Task<(OverlayNetwork? Network, bool IsVerified)> FindExistingAsync(
        SwarmSession swarm,
        IReadOnlyList<NodeObservation> members,
        OverlayPlan plan
    )
    {
        var here = CallChain.Mark.Here();
        var managerNetworks = CallChain.BesideAsync(() => OverlayNetworks.ListAsync(swarm.View.Manager, context.CancellationToken), here);
        var others = members.Where(member => member.Connection != swarm.View.Manager).ToList();
        var otherNetworks = await CallChain.BesideAsync(() => ListAsync(others), here).ConfigureAwait(false);
        var atManager = await managerNetworks.ConfigureAwait(false);
        var swarmNetworks = atManager.Where(network => network.Scope == OverlayNetwork.SwarmScope).ToList();
        IReadOnlyList<(SwarmNode Node, IReadOnlyList<NetworkResponse> Networks)> everywhere =
        [
            (swarm.View.Manager.Node, atManager),
            .. otherNetworks,
        ];

        if (swarmNetworks.FirstOrDefault(network => network.Name == plan.Name) is { } present)
        {
            var network = TakeAlike(plan, present);
            var managers = swarm.Observations.Where(member => IsOtherManager(swarm, member)).Select(member => member.Node).ToList();
            var isListed =
                managers.Count == 0
                || otherNetworks.Any(other => managers.Contains(other.Node) && other.Networks.Any(listed => listed.ID == network.Id));
            return (network, network.IsAllocated && isListed);
        }

        RefuseLocalNamesakes(plan, everywhere);
        SubnetConflicts.Refuse(
            plan,
            swarmNetworks,
            everywhere,
            swarm.Observations.SelectMany(member => member.Info.Swarm?.Cluster?.DefaultAddrPool ?? []).Distinct()
        );
        return (null, false);
    }

    private Task<IReadOnlyList<(SwarmNode Node, IReadOnlyList<NetworkResponse> Networks)>> ListAsync(
        IReadOnlyList<NodeObservation> members
    ) =>
        NodeSet.ForEachAsync(
            context,
            members.Select(member => member.Node).ToList(),
            request.ThrottleLimit,
            async node =>
                (
                    Node: node,
                    Networks: await OverlayNetworks.ListAsync(context.Connection(node), context.CancellationToken).ConfigureAwait(false)
                )
        );

    private static OverlayNetwork TakeAlike(OverlayPlan plan, NetworkResponse present)
    {
        if (!OverlayNetwork.IsOverlay(present))
            throw OverlayErrors.NetworkNameTaken(plan.Name, present.Driver, present.Scope);
        var network = new OverlayNetwork(present);
        var differences = OverlayDifferences.List(plan, network);
        return differences.Count == 0 ? network : throw OverlayErrors.OverlayDiffers(plan.Name, differences);
    }

    private static void RefuseLocalNamesakes(
        OverlayPlan plan,
        IReadOnlyList<(SwarmNode Node, IReadOnlyList<NetworkResponse> Networks)> everywhere
    )
    {
        foreach (var (node, networks) in everywhere)
        {
            // A worker also lists overlay networks of the swarm that its containers use: only its local networks count.
            if (networks.FirstOrDefault(network => network.Name == plan.Name && network.Scope != OverlayNetwork.SwarmScope) is { } namesake)
                throw OverlayErrors.LocalNetworkExists(plan.Name, node, namesake.Driver);
        }
    }

    private void Warn(SwarmSession swarm, IReadOnlyList<NodeObservation> members, OverlayPlan plan, bool repairs)
    {
        if (!plan.Request.Encrypted)
            context.WriteWarning(
                $"The overlay network '{plan.Name}' is not encrypted: traffic between the nodes can be read and changed in transit."
            );
        foreach (var (subnet, _) in plan.Subnets)
        {
            var covered = members
                .Where(member => member.Address is { } address && subnet.Contains(address))
                .Select(member => member.Node.Name)
                .ToList();
            if (covered.Count > 0)
                context.WriteWarning(
                    $"The subnet {subnet} contains the addresses of nodes ({string.Join(", ", covered)}): containers on '{plan.Name}' cannot connect to those addresses."
                );
        }

        var unknown = swarm
            .View.Members.Where(listed => members.All(member => member.NodeId != listed.ID))
            .Select(listed => listed.Description?.Hostname ?? listed.ID)
            .ToList();
        if (repairs && unknown.Count > 0)
            context.WriteWarning(
                $"Members of the swarm that are not in the node set, or did not answer: {string.Join(", ", unknown)}. If one of them is behind NAT, encrypted packets "
                    + "to and from it are lost until the same command is run with it in the node set."
            );
    }

    private Task<bool> AskAsync(SwarmSession swarm, OverlayPlan plan)
    {
        var kind = plan.Request.Encrypted ? "encrypted" : "unencrypted";
        var addresses = plan.Subnets.Count == 0 ? "from the address pool" : string.Join(", ", plan.Subnets.Select(part => part.Subnet));
        return context.ShouldProcessAsync(
            $"swarm {swarm.View.SwarmId}",
            $"Create the {kind} overlay network '{plan.Name}', subnet {addresses}"
        );
    }

    /// <summary>Creates the network unless it exists, and verifies it.</summary>
    private async Task<OverlayNetwork?> ProvideAsync(SwarmSession swarm, OverlayPlan plan, OverlayNetwork? existing)
    {
        var id = existing?.Id ?? await CreateAsync(swarm, plan).ConfigureAwait(false);
        return await VerifyAsync(swarm, plan.Name, id, existing is null).ConfigureAwait(false);
    }

    private async Task<string> CreateAsync(SwarmSession swarm, OverlayPlan plan)
    {
        try
        {
            var created = await swarm
                .View.Manager.AskAsync(
                    engine => engine.Networks.CreateNetworkAsync(plan.ToParameters(), context.CancellationToken),
                    context.CancellationToken
                )
                .ConfigureAwait(false);
            return created.ID;
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.Conflict })
        {
            // Another run has created it in the meantime: fine if its settings are equal.
            var networks = await OverlayNetworks.ListAsync(swarm.View.Manager, context.CancellationToken).ConfigureAwait(false);
            if (networks.FirstOrDefault(network => network.Name == plan.Name) is { } present)
                return TakeAlike(plan, present).Id;
            throw;
        }
    }

    /// <summary>Waits until the manager has allocated the network and another manager lists it.</summary>
    private async Task<OverlayNetwork?> VerifyAsync(SwarmSession swarm, string name, string id, bool isNew)
    {
        var manager = swarm.View.Manager;
        var here = CallChain.Mark.Here();
        var seeing = CallChain.BesideAsync(() => IsSeenElsewhereAsync(swarm, name, id), here);
        var network = await CallChain.BesideAsync(() => UntilAllocatedAsync(manager, id), here).ConfigureAwait(false);
        if (network is null)
        {
            if (isNew)
                await manager
                    .TellAsync(engine => engine.Networks.DeleteNetworkAsync(id, context.CancellationToken), context.CancellationToken)
                    .ConfigureAwait(false);
            throw OverlayErrors.OverlayNotAllocated(name, swarm.View.SwarmId, request.Timeout, isNew);
        }

        return await seeing.ConfigureAwait(false) ? network : null;
    }

    private Task<OverlayNetwork?> UntilAllocatedAsync(INodeConnection manager, string id) =>
        Polling.UntilAsync(
            async () =>
                await OverlayNetworks.FindAsync(manager, id, context.CancellationToken).ConfigureAwait(false) is { IsAllocated: true } found
                    ? found
                    : null,
            request.Timeout,
            context.CancellationToken
        );

    /// <summary>Waits until another manager lists the network: the first that answers. True where there is none.</summary>
    private async Task<bool> IsSeenElsewhereAsync(SwarmSession swarm, string name, string id)
    {
        foreach (var other in swarm.Observations.Where(observation => IsOtherManager(swarm, observation)))
        {
            try
            {
                var seen = await Polling
                    .UntilAsync(
                        () => OverlayNetworks.FindAsync(other.Connection, id, context.CancellationToken),
                        request.Timeout,
                        context.CancellationToken
                    )
                    .ConfigureAwait(false);
                if (seen is not null)
                    return true;
                context.WriteError(OverlayErrors.OverlayNotSeenByManager(name, other.Node, request.Timeout));
                return false;
            }
            catch (SwarmOpsException error)
            {
                context.WriteVerbose($"{other.Node.Name}: could not read '{name}'; continuing. {error.Message}");
            }
        }

        return true;
    }

    private static bool IsOtherManager(SwarmSession swarm, NodeObservation observation) =>
        observation.IsManager && observation.Connection != swarm.View.Manager;

    private async Task ProveAsync(IReadOnlyList<NodeObservation> members, string name)
    {
        var paths = await new TestOverlayOperation(
            context,
            new TestOverlayRequest([.. members.Select(member => member.Node)], name) { ThrottleLimit = request.ThrottleLimit }
        )
            .RunAsync()
            .ConfigureAwait(false);
        if (!OverlayVerdict.IsSound(paths))
            throw OverlayErrors.OverlayNotSound(name, OverlayVerdict.IsLossy(paths), OverlayVerdict.Sentences(paths));
    }

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, "New-EncryptedOverlay", status));
}
