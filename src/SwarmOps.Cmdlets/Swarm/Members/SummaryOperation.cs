using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Swarm.Members;

/// <summary>Queries every manager of a node set and summarizes their views.</summary>
internal sealed class SummaryOperation(IOperationContext context, SummaryRequest request)
{
    /// <summary>The pool of an engine that lists none (Docker's documentation of <c>docker swarm init --default-addr-pool</c>).</summary>
    private const string DefaultPool = "10.0.0.0/8";

    /// <summary>Runs it and emits the summary.</summary>
    public async Task RunAsync()
    {
        var session = await SwarmSession.FindAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
        var opinions = await AskManagersAsync(session).ConfigureAwait(false);
        context.WriteObject(Sum(session, opinions));
    }

    private async Task<IReadOnlyList<ManagerOpinion>> AskManagersAsync(SwarmSession session)
    {
        var managers = session.Observations.Where(observation => observation.IsManager).ToList();
        return await NodeSet
            .ForEachAsync(
                context,
                [.. managers.Select(manager => manager.Node)],
                request.ThrottleLimit,
                async node =>
                {
                    var manager = managers.First(candidate => ReferenceEquals(candidate.Node, node));
                    if (ReferenceEquals(manager.Connection, session.View.Manager))
                        return ManagerOpinion.Of(node, session.View);
                    try
                    {
                        return await ManagerOpinion.ReadAsync(node, session.Through(manager)).ConfigureAwait(false);
                    }
                    catch (SwarmOpsException failure)
                    {
                        return new ManagerOpinion(node, null, 0, failure);
                    }
                }
            )
            .ConfigureAwait(false);
    }

    private static SwarmSummary Sum(SwarmSession session, IReadOnlyList<ManagerOpinion> opinions)
    {
        var members = MemberListing.Merge(session);
        var tally = ManagerTally.Of(session.View);
        var cluster = session
            .Observations.Select(observation => observation.Info.Swarm?.Cluster)
            .OfType<ClusterInfo>()
            .FirstOrDefault(found => found.ID == session.View.SwarmId);
        var expiry = TrustRoot.ExpiryOf(cluster?.TLSInfo?.TrustRoot);
        var summary = new SwarmSummary
        {
            Id = session.View.SwarmId,
            CreatedAt = cluster?.CreatedAt?.ToUniversalTime() ?? default,
            Nodes = members,
            Leader = members.FirstOrDefault(node => node.IsLeader)?.Name,
            ManagerCount = tally.Total,
            ReachableManagerCount = tally.Reachable,
            Quorum = tally.Quorum,
            ToleratedFailures = tally.ToleratedFailures,
            WorkerCount = members.Count - tally.Total,
            ReadyCount = members.Count(node => node.State == SwarmNodeState.Ready),
            Regions =
            [
                .. members.Select(node => node.Region).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            ],
            EngineVersions =
            [
                .. members
                    .Select(node => node.EngineVersion)
                    .OfType<string>()
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
            RootCertificateExpiry = expiry,
            NodeCertificateValidity = cluster?.Spec?.CAConfig?.NodeCertExpiry,
            AutoLock = cluster?.Spec?.EncryptionConfig?.AutoLockManagers is true,
            AddressPools = cluster?.DefaultAddrPool is { Count: > 0 } pool ? [.. pool] : [DefaultPool],
        };
        List<string> warnings =
        [
            .. SwarmHealth.OfManagers(summary),
            .. SwarmHealth.OfOpinions(summary, opinions),
            .. SwarmHealth.OfNodes(summary, session.Silent.Select(report => report.Failure!)),
            .. SwarmHealth.OfSettings(summary, cluster, DateTime.UtcNow),
        ];
        return summary with { Warnings = warnings };
    }
}
