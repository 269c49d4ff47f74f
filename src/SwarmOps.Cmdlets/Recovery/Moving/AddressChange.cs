using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Recovery.Moving;

/// <summary>
/// Lets one node have another address in its swarm: an engine cannot change the one that it advertises, so the node leaves and joins again, a manager as a worker in between. Every step is seen in
/// the swarm, so a run that was interrupted is completed by the next one.
/// </summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="request">How.</param>
/// <param name="name">Name of the node.</param>
internal sealed class AddressChange(IOperationContext context, AddressChangeRequest request, string name)
{
    private readonly Succession succession = new(
        context,
        new SuccessionSettings(AddressChangeOperation.Activity, request.Timeout)
        {
            TestReachability = request.TestReachability,
            ThrottleLimit = request.ThrottleLimit,
        }
    );

    /// <summary>Runs it.</summary>
    /// <returns>The node as it is afterwards; null when the user declined.</returns>
    /// <exception cref="SwarmOpsException">Those of <see cref="RecoveryErrors"/>, of demoting, leaving, joining and promoting, and the transport's.</exception>
    public async Task<SwarmNode?> RunAsync()
    {
        var (session, report) = await LookAsync().ConfigureAwait(false);
        var address = AddressOf(report.Node);
        var own = report.Observation!;
        var current = own.NodeId.Length > 0 ? session.View.Find(own.NodeId) : null;
        var former = MovedMark.Former(session.View, MovedMark.AddressLabel, address, own.NodeId);
        if (current is not null && own.NodeAddress == address && former is null && !MovedMark.IsOn(current))
        {
            context.WriteVerbose($"'{name}' already advertises {address}.");
            return session.Describe(own);
        }

        if ((current ?? former) is not { } entry)
            throw SwarmErrors.NodeNotInSwarm(report.Node, session.SwarmId);
        var isMember = current is not null && own.NodeAddress == address;
        if (!isMember)
            await RefuseAsync(session, report, current).ConfigureAwait(false);
        if (!await context.ShouldProcessAsync(report.Node.ToString(), Words(own, current, entry, address)).ConfigureAwait(false))
            return null;
        if (current is not null && !isMember)
            await LeaveAsync(session, report, current, address).ConfigureAwait(false);
        if (!isMember)
        {
            (session, report) = await LookAsync().ConfigureAwait(false);
            await succession.JoinAsync(session, report).ConfigureAwait(false);
        }

        (session, report) = await LookAsync().ConfigureAwait(false);
        former = MovedMark.Former(session.View, MovedMark.AddressLabel, address, report.Observation!.NodeId);
        return await succession.TakePlaceAsync(session, report, former).ConfigureAwait(false);
    }

    private static string AddressOf(SwarmNode node)
    {
        if (string.IsNullOrEmpty(node.AdvertiseAddress))
            throw SwarmErrors.AdvertiseAddressMissing(node);
        return NodeAddress.TryParse(node.AdvertiseAddress) is null
            ? throw SwarmErrors.AdvertiseAddressNotAnAddress(node)
            : node.AdvertiseAddress;
    }

    private static string Words(NodeObservation own, NodeListResponse? current, NodeListResponse entry, string address)
    {
        var isManager = entry.ManagerStatus is not null || entry.Spec?.Role == "manager" || MovedMark.WasManager(entry);
        if (current is not null && own.NodeAddress == address)
            return $"Complete its move to {address}{(isManager ? ": promote to manager again" : "")}";
        var from = current is null ? "" : $" instead of {own.NodeAddress}";
        return isManager
            ? $"Demote, leave, join again at {address}{from}, with its labels, and promote: its tasks there stop meanwhile"
            : $"Leave and join again at {address}{from}, with its labels: its tasks there stop meanwhile";
    }

    private async Task<(SwarmSession Session, NodeReport Report)> LookAsync()
    {
        var session = await SwarmSession.FindAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
        var report = session.Reports.Single(report => report.Node.Name == name);
        return report.Failure is { } failure ? throw failure : (session, report);
    }

    /// <summary>What must not be done, and what the user should know before.</summary>
    private async Task RefuseAsync(SwarmSession session, NodeReport report, NodeListResponse? current)
    {
        if (current is null)
            return;
        if (current.ManagerStatus is not null)
        {
            var tally = ManagerTally.Of(session.View);
            if (tally.Total == 1)
                throw RecoveryErrors.OnlyManagerMoved(report.Node, report.Observation!.NodeAddress);
            DemotionPlan.RefuseUnsafe([new SetMember(report, current)], tally);
        }

        var bound = (await ServiceReader.ListAsync(session).ConfigureAwait(false))
            .Where(service => service.Constraints.Any(constraint => constraint.Contains(current.ID, StringComparison.Ordinal)))
            .Select(service => service.Name)
            .ToList();
        if (bound.Count > 0)
            context.WriteWarning(
                $"'{name}' gets another node id, and these services are bound to the present one, {current.ID}: {string.Join(", ", bound)}. Bind them to a label or to the host name (Update-SwarmService -Constraint)."
            );
    }

    private async Task LeaveAsync(SwarmSession session, NodeReport report, NodeListResponse current, string address)
    {
        var others = session.Without(new HashSet<string> { current.ID }) ?? throw ManagerErrors.NoOtherManager([report.Node]);
        await others
            .UpdateMemberAsync(current.ID, spec => MovedMark.Set(spec, (MovedMark.AddressLabel, address)), request.Timeout)
            .ConfigureAwait(false);
        if (current.ManagerStatus is not null || current.Spec?.Role == "manager")
            await succession.DemoteAsync(others, report.Node, current.ID).ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, AddressChangeOperation.Activity, $"'{name}' leaves the swarm"));
        await NodeLeave.LeaveAsync(context, report.Observation!, force: true, request.Timeout).ConfigureAwait(false);
    }
}
