using System.Globalization;
using Docker.DotNet.Models;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Swarm.Members;

/// <summary>The warnings about a swarm.</summary>
internal static class SwarmHealth
{
    /// <summary>More managers only make writes slower (Docker's documentation, "Administer and maintain a swarm").</summary>
    private const int MostManagers = 7;

    /// <summary>Enough time to rotate a root certificate: the engine's default validity of node certificates.</summary>
    private static readonly TimeSpan ExpiryNotice = TimeSpan.FromDays(90);

    /// <summary>With less, a node on a WAN counts as Down too early (moby/moby issue 36311); it is the engine's default.</summary>
    private static readonly TimeSpan ShortestHeartbeat = TimeSpan.FromSeconds(5);

    /// <summary>Warnings about number, reachability and spread of the managers.</summary>
    public static IEnumerable<string> OfManagers(SwarmSummary swarm)
    {
        var managers = swarm.Nodes.Where(IsVoter).ToList();
        if (swarm.Leader is null)
            yield return "The swarm has no leader at the moment.";
        if (managers.Count % 2 == 0)
            yield return $"The number of managers is even ({managers.Count}): it tolerates no more failures than with {managers.Count - 1}. Make it odd with Step-SwarmPromotion or Step-SwarmDemotion.";
        if (managers.Count == 1 && swarm.Nodes.Count >= 3)
            yield return $"There is one manager for {swarm.Nodes.Count} nodes: if '{managers[0].Name}' fails, the swarm can no longer be managed. Promote two more with Step-SwarmPromotion.";
        if (managers.Count > MostManagers)
            yield return $"There are {managers.Count} managers; more than {MostManagers} make the swarm slower without making it safer.";
        foreach (var manager in managers.Where(node => node.Reachability != SwarmManagerReachability.Reachable))
            yield return $"The leader cannot reach the manager '{manager.Name}' at {manager.ManagerAddress}.";
        if (managers.Count > 1 && swarm.ReachableManagerCount == swarm.Quorum && swarm.ReachableManagerCount < managers.Count)
            yield return $"{new ManagerTally(managers.Count, swarm.ReachableManagerCount)}: if one more manager fails, the swarm can no longer be managed.";
        foreach (var node in swarm.Nodes.Where(node => node.Role == SwarmNodeRole.Manager && !IsVoter(node)))
            yield return $"The promotion of '{node.Name}' was not completed: its role is manager, but it is not a raft member. Complete or undo it with Step-SwarmPromotion.";
        foreach (var node in swarm.Nodes.Where(node => node.Role == SwarmNodeRole.Worker && IsVoter(node)))
            yield return $"The demotion of '{node.Name}' was not completed: its role is worker, but it is still a manager. Complete it with Step-SwarmDemotion.";
        foreach (var warning in OfSpread(swarm, managers))
            yield return warning;
    }

    /// <summary>Warnings about managers whose views differ.</summary>
    public static IEnumerable<string> OfOpinions(SwarmSummary swarm, IReadOnlyList<ManagerOpinion> opinions)
    {
        foreach (var opinion in opinions)
        {
            if (opinion.Failure is { } failure)
                yield return $"The manager '{opinion.Node.Name}' did not report its view: {failure.Message}";
            else if (opinion.LeaderId is null)
                yield return $"The manager '{opinion.Node.Name}' has no leader.";
            else if (swarm.Nodes.FirstOrDefault(node => node.IsLeader)?.NodeId is { } leader && opinion.LeaderId != leader)
                yield return $"The manager '{opinion.Node.Name}' reports a different leader ({NameOf(swarm, opinion.LeaderId)}) than the others ({swarm.Leader}).";
            else if (opinion.MemberCount != swarm.Nodes.Count)
                yield return $"The manager '{opinion.Node.Name}' lists {opinion.MemberCount} nodes, the others list {swarm.Nodes.Count}.";
        }
    }

    /// <summary>Warnings about nodes that are Down or do not answer, and about versions that differ.</summary>
    public static IEnumerable<string> OfNodes(SwarmSummary swarm, IEnumerable<SwarmOpsException> failures)
    {
        foreach (var node in swarm.Nodes.Where(node => node.State != SwarmNodeState.Ready))
            yield return $"'{node.Name}' is {node.State}.";
        foreach (var failure in failures)
            yield return $"{failure.Message} {failure.RecommendedAction}";
        if (swarm.EngineVersions.Count > 1)
            yield return $"Engine versions differ: {string.Join("; ", swarm.EngineVersions.Select(version => $"{version} on {Names(swarm.Nodes.Where(node => node.EngineVersion == version))}"))}.";
        foreach (
            var twins in swarm
                .Nodes.Where(node => node.Hostname is not null)
                .GroupBy(node => node.Hostname!, StringComparer.OrdinalIgnoreCase)
                .Where(group => group.Count() > 1)
        )
            yield return $"{twins.Count()} nodes have the host name '{twins.Key}': {string.Join(", ", twins.Select(node => $"{node.NodeId} ({node.State})"))}. One may be the stale entry of a machine that joined again: remove it with Remove-SwarmNode.";
    }

    /// <summary>Warnings about certificates and the swarm's settings.</summary>
    public static IEnumerable<string> OfSettings(SwarmSummary swarm, ClusterInfo? cluster, DateTime now)
    {
        if (swarm.RootCertificateExpiry is not { } expiry)
            yield return "The root certificate could not be read.";
        else if (expiry - now < ExpiryNotice)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The root certificate {(expiry < now ? "expired" : "expires")} on {expiry:yyyy-MM-dd}: rotate it with docker swarm ca --rotate on a manager."
            );
        if (cluster?.RootRotationInProgress is true)
            yield return "The root certificate is being rotated; nodes that are Down delay the rotation.";
        if (swarm.Regions.Count > 1 && cluster?.Spec?.Dispatcher?.HeartbeatPeriod is { } heartbeat && heartbeat < ShortestHeartbeat)
            yield return $"The dispatcher's heartbeat of {heartbeat.TotalSeconds:0} s is short for {swarm.Regions.Count} regions: a node counts as Down after three missed heartbeats. Increase it with Initialize-Swarm -DispatcherHeartbeat.";
    }

    private static IEnumerable<string> OfSpread(SwarmSummary swarm, IReadOnlyList<SwarmNode> managers)
    {
        var without = swarm.Regions.Where(region => !managers.Any(manager => manager.Region == region)).ToList();
        if (without.Count == 0)
            yield break;
        foreach (
            var crowded in managers
                .Where(manager => manager.Region is not null)
                .GroupBy(manager => manager.Region)
                .Where(group => group.Count() > 1)
        )
            yield return $"The region {crowded.Key} has {crowded.Count()} managers ({Names(crowded)}) while {string.Join(", ", without)} {(without.Count == 1 ? "has" : "have")} none.";
    }

    private static bool IsVoter(SwarmNode node) => node.ManagerAddress is not null;

    private static string NameOf(SwarmSummary swarm, string nodeId) =>
        swarm.Nodes.FirstOrDefault(node => node.NodeId == nodeId)?.Name ?? nodeId;

    private static string Names(IEnumerable<SwarmNode> nodes) => string.Join(", ", nodes.Select(node => node.Name));
}
