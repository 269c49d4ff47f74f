using Docker.DotNet.Models;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Swarm.Members;

/// <summary>Asks every manager of a session's node set for its view, and summarizes them.</summary>
/// <param name="context">The stage that works.</param>
/// <param name="throttleLimit">How many nodes are asked at the same time.</param>
internal sealed class SummaryReader(IOperationContext context, int throttleLimit)
{
    /// <summary>The pool of an engine that lists none (Docker's documentation of <c>docker swarm init --default-addr-pool</c>).</summary>
    private const string DefaultPool = "10.0.0.0/8";

    /// <summary>The summary, with its findings.</summary>
    public async Task<SwarmSummary> ReadAsync(SwarmSession session) => Sum(session, await AskManagersAsync(session).ConfigureAwait(false));

    private async Task<IReadOnlyList<ManagerOpinion>> AskManagersAsync(SwarmSession session)
    {
        var managers = session.Observations.Where(observation => observation.IsManager).ToList();
        return await NodeSet
            .ForEachAsync(
                context,
                [.. managers.Select(manager => manager.Node)],
                throttleLimit,
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
        SwarmFinding[] findings =
        [
            .. SwarmHealth.OfManagers(summary),
            .. SwarmHealth.OfOpinions(summary, opinions),
            .. SwarmHealth.OfNodes(summary, session.Silent),
            .. SwarmHealth.OfSettings(summary, cluster, DateTime.UtcNow),
        ];
        return summary with { Findings = findings, Warnings = [.. findings.Select(finding => finding.Text)] };
    }
}
