using Docker.DotNet.Models;
using SwarmOps.Pipeline;

namespace SwarmOps.Swarm;

/// <summary>Queries every manager of a node set and summarizes their views.</summary>
internal sealed class SummaryOperation(IOperationContext context, IReadOnlyList<SwarmNode> nodes)
{
    /// <summary>The pool of an engine that lists none (Docker's documentation of <c>docker swarm init --default-addr-pool</c>).</summary>
    private const string DefaultPool = "10.0.0.0/8";

    /// <summary>How long to wait for a leader.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many nodes are queried at the same time.</summary>
    public int ThrottleLimit { get; init; } = 32;

    /// <summary>Runs it and writes the summary.</summary>
    public async Task RunAsync()
    {
        var survey = await SwarmSurvey.FindAsync(context, nodes, ThrottleLimit, Timeout).ConfigureAwait(false);
        var opinions = await AskManagersAsync(survey).ConfigureAwait(false);
        context.WriteObject(Sum(survey, opinions));
    }

    private async Task<IReadOnlyList<ManagerOpinion>> AskManagersAsync(SwarmSurvey survey)
    {
        var managers = survey.Located!.Observations.Where(observation => observation.IsManager).ToList();
        return await NodeSet.ForEachAsync(context, [.. managers.Select(manager => manager.Node)], ThrottleLimit, async node =>
        {
            var manager = managers.First(candidate => ReferenceEquals(candidate.Node, node));
            if (ReferenceEquals(manager.Connection, survey.View.Manager))
                return ManagerOpinion.Of(node, survey.View);
            try
            {
                var route = new ManagerRoute(context, survey.View.SwarmId, [manager.Connection]);
                return ManagerOpinion.Of(node, await route.ReadAsync(TimeSpan.Zero).ConfigureAwait(false));
            }
            catch (SwarmOpsException failure)
            {
                return new ManagerOpinion(node, null, 0, failure);
            }
        }).ConfigureAwait(false);
    }

    private static SwarmSummary Sum(SwarmSurvey survey, IReadOnlyList<ManagerOpinion> opinions)
    {
        var members = MemberListing.Merge(survey);
        var tally = ManagerTally.Of(survey.View);
        var cluster = survey.Located!.Observations.Select(observation => observation.Info.Swarm?.Cluster).OfType<ClusterInfo>().FirstOrDefault(found => found.ID == survey.View.SwarmId);
        var expiry = TrustRoot.ExpiryOf(cluster?.TLSInfo?.TrustRoot);
        var summary = new SwarmSummary
        {
            Id = survey.View.SwarmId,
            CreatedAt = cluster?.CreatedAt?.ToUniversalTime() ?? default,
            Nodes = members,
            Leader = members.FirstOrDefault(node => node.IsLeader)?.Name,
            ManagerCount = tally.Total,
            ReachableManagerCount = tally.Reachable,
            Quorum = tally.Quorum,
            ToleratedFailures = tally.ToleratedFailures,
            WorkerCount = members.Count - tally.Total,
            ReadyCount = members.Count(node => node.State == SwarmNodeState.Ready),
            Regions = [.. members.Select(node => node.Region).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            EngineVersions = [.. members.Select(node => node.EngineVersion).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            RootCertificateExpiry = expiry,
            NodeCertificateValidity = cluster?.Spec?.CAConfig?.NodeCertExpiry,
            AutoLock = cluster?.Spec?.EncryptionConfig?.AutoLockManagers is true,
            AddressPools = cluster?.DefaultAddrPool is { Count: > 0 } pool ? [.. pool] : [DefaultPool],
        };
        List<string> warnings =
        [
            .. SwarmHealth.OfManagers(summary),
            .. SwarmHealth.OfOpinions(summary, opinions),
            .. SwarmHealth.OfNodes(summary, survey.Reports.Where(report => report.Failure is not null).Select(report => report.Failure!)),
            .. SwarmHealth.OfSettings(summary, cluster, DateTime.UtcNow),
        ];
        return summary with { Warnings = warnings };
    }
}
