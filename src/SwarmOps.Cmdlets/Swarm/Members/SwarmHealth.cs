using System.Globalization;
using Docker.DotNet.Models;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;

namespace SwarmOps.Swarm.Members;

/// <summary>The findings about a swarm.</summary>
internal static class SwarmHealth
{
    /// <summary>More managers only make writes slower (Docker's documentation, "Administer and maintain a swarm").</summary>
    private const int MostManagers = 7;

    /// <summary>Enough time to rotate a root certificate: the engine's default validity of node certificates.</summary>
    private static readonly TimeSpan ExpiryNotice = TimeSpan.FromDays(90);

    /// <summary>Less time than that is an emergency: nodes that are down during the rotation need it, too.</summary>
    private static readonly TimeSpan ExpiryAlarm = TimeSpan.FromDays(14);

    /// <summary>With less, a node on a WAN counts as Down too early (moby/moby issue 36311); it is the engine's default.</summary>
    private static readonly TimeSpan ShortestHeartbeat = TimeSpan.FromSeconds(5);

    /// <summary>Findings about number, reachability and spread of the managers.</summary>
    public static IEnumerable<SwarmFinding> OfManagers(SwarmSummary swarm)
    {
        var managers = swarm.Nodes.Where(IsVoter).ToList();
        if (swarm.Leader is null)
            yield return Critical(
                "NoLeader",
                "The swarm has no leader at the moment.",
                "Start the managers that are down and open 2377/tcp between them: Test-SwarmNode shows which pair fails."
            );
        if (managers.Count % 2 == 0)
            yield return Warning(
                "EvenManagers",
                $"The number of managers is even ({managers.Count}): it tolerates no more failures than with {managers.Count - 1}.",
                "Make it odd with Step-SwarmPromotion or Step-SwarmDemotion."
            );
        if (managers.Count == 1 && swarm.Nodes.Count >= 3)
            yield return Warning(
                "SingleManager",
                $"There is one manager for {swarm.Nodes.Count} nodes: if '{managers[0].Name}' fails, the swarm can no longer be managed.",
                "Promote two more with Step-SwarmPromotion."
            );
        if (managers.Count > MostManagers)
            yield return Of(
                SwarmFindingSeverity.Information,
                "ManyManagers",
                $"There are {managers.Count} managers; more than {MostManagers} make the swarm slower without making it safer."
            );
        foreach (var manager in managers.Where(node => node.Reachability != SwarmManagerReachability.Reachable))
            yield return OfNode(
                SwarmFindingSeverity.Warning,
                manager,
                "ManagerUnreachable",
                $"The leader cannot reach the manager '{manager.Name}' at {manager.ManagerAddress}.",
                "Start its engine, and open 2377/tcp between the managers: Test-SwarmNode shows which pair fails."
            );
        if (managers.Count > 1 && swarm.ReachableManagerCount == swarm.Quorum && swarm.ReachableManagerCount < managers.Count)
            yield return Critical(
                "NoQuorumMargin",
                $"{new ManagerTally(managers.Count, swarm.ReachableManagerCount)}: if one more manager fails, the swarm can no longer be managed.",
                "Bring back the managers that are not reachable, or replace them: Step-SwarmDemotion, then Step-SwarmPromotion."
            );
        foreach (var node in swarm.Nodes.Where(node => node.Role == SwarmNodeRole.Manager && !IsVoter(node)))
            yield return OfNode(
                SwarmFindingSeverity.Warning,
                node,
                "PromotionUnfinished",
                $"The promotion of '{node.Name}' was not completed: its role is manager, but it is not a raft member.",
                "Complete or undo it with Step-SwarmPromotion."
            );
        foreach (var node in swarm.Nodes.Where(node => node.Role == SwarmNodeRole.Worker && IsVoter(node)))
            yield return OfNode(
                SwarmFindingSeverity.Warning,
                node,
                "DemotionUnfinished",
                $"The demotion of '{node.Name}' was not completed: its role is worker, but it is still a manager.",
                "Complete it with Step-SwarmDemotion."
            );
        foreach (var finding in OfSpread(swarm, managers))
            yield return finding;
    }

    /// <summary>Findings about managers whose views differ.</summary>
    public static IEnumerable<SwarmFinding> OfOpinions(SwarmSummary swarm, IReadOnlyList<ManagerOpinion> opinions)
    {
        const string action =
            "Compare the managers with Get-SwarmNode; if their views still differ after a minute, restart the engine of this one.";
        foreach (var opinion in opinions)
        {
            if (opinion.Failure is { } failure)
                yield return OfNode(
                    SwarmFindingSeverity.Unknown,
                    opinion.Node,
                    "ManagerSilent",
                    $"The manager '{opinion.Node.Name}' did not report its view: {failure.Message}",
                    failure.RecommendedAction
                );
            else if (opinion.LeaderId is null)
                yield return OfNode(
                    SwarmFindingSeverity.Warning,
                    opinion.Node,
                    "ManagerWithoutLeader",
                    $"The manager '{opinion.Node.Name}' has no leader.",
                    "Open 2377/tcp between it and the other managers: Test-SwarmNode shows which pair fails."
                );
            else if (swarm.Nodes.FirstOrDefault(node => node.IsLeader)?.NodeId is { } leader && opinion.LeaderId != leader)
                yield return OfNode(
                    SwarmFindingSeverity.Critical,
                    opinion.Node,
                    "LeadersDiffer",
                    $"The manager '{opinion.Node.Name}' reports a different leader ({NameOf(swarm, opinion.LeaderId)}) than the others ({swarm.Leader}).",
                    action
                );
            else if (opinion.MemberCount != swarm.Nodes.Count)
                yield return OfNode(
                    SwarmFindingSeverity.Warning,
                    opinion.Node,
                    "ListsDiffer",
                    $"The manager '{opinion.Node.Name}' lists {opinion.MemberCount} nodes, the others list {swarm.Nodes.Count}.",
                    action
                );
        }
    }

    /// <summary>Findings about nodes that are Down or do not answer, and about versions that differ.</summary>
    public static IEnumerable<SwarmFinding> OfNodes(SwarmSummary swarm, IEnumerable<NodeReport> silent)
    {
        foreach (var node in swarm.Nodes.Where(node => node.State != SwarmNodeState.Ready))
            yield return OfNode(
                node.State == SwarmNodeState.Down ? SwarmFindingSeverity.Critical : SwarmFindingSeverity.Warning,
                node,
                "NodeDown",
                $"'{node.Name}' is {node.State}.",
                "Start its engine, or remove it from the swarm if the machine is gone: Remove-SwarmNode."
            );
        foreach (var report in silent)
            yield return OfNode(
                SwarmFindingSeverity.Unknown,
                report.Node,
                "NodeSilent",
                report.Failure!.Message,
                report.Failure.RecommendedAction
            );
        if (swarm.EngineVersions.Count > 1)
            yield return Warning(
                "EngineVersionsDiffer",
                $"Engine versions differ: {string.Join("; ", swarm.EngineVersions.Select(version => $"{version} on {Names(swarm.Nodes.Where(node => node.EngineVersion == version))}"))}.",
                "Update all engines of the swarm to one version."
            );
        foreach (
            var twins in swarm
                .Nodes.Where(node => node.Hostname is not null)
                .GroupBy(node => node.Hostname!, StringComparer.OrdinalIgnoreCase)
                .Where(group => group.Count() > 1)
        )
            yield return OfNode(
                SwarmFindingSeverity.Warning,
                twins.First(),
                "HostNameTwice",
                $"{twins.Count()} nodes have the host name '{twins.Key}': {string.Join(", ", twins.Select(node => $"{node.NodeId} ({node.State})"))}.",
                "One may be the stale entry of a machine that joined again: remove it with Remove-SwarmNode."
            );
    }

    /// <summary>Findings about certificates and the swarm's settings.</summary>
    public static IEnumerable<SwarmFinding> OfSettings(SwarmSummary swarm, ClusterInfo? cluster, DateTime now)
    {
        if (swarm.RootCertificateExpiry is not { } expiry)
            yield return Of(
                SwarmFindingSeverity.Unknown,
                "RootCertificateUnknown",
                "The root certificate could not be read.",
                "Include a manager that answers in the node set."
            );
        else if (expiry - now < ExpiryNotice)
            yield return Of(
                expiry - now < ExpiryAlarm ? SwarmFindingSeverity.Critical : SwarmFindingSeverity.Warning,
                "RootCertificateExpires",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The root certificate {(expiry < now ? "expired" : "expires")} on {expiry:yyyy-MM-dd}."
                ),
                "Replace the certificate authority with Update-SwarmCertificate."
            );
        if (cluster?.RootRotationInProgress is true)
            yield return Of(
                SwarmFindingSeverity.Information,
                "RootRotation",
                "The root certificate is being rotated; nodes that are Down delay the rotation.",
                "Update-SwarmCertificate waits for its end and names the nodes that are missing."
            );
        if (swarm.Regions.Count > 1 && cluster?.Spec?.Dispatcher?.HeartbeatPeriod is { } heartbeat && heartbeat < ShortestHeartbeat)
            yield return Warning(
                "HeartbeatShort",
                $"The dispatcher's heartbeat of {heartbeat.TotalSeconds:0} s is short for {swarm.Regions.Count} regions: a node counts as Down after three missed heartbeats.",
                "Increase it with Initialize-Swarm -DispatcherHeartbeat."
            );
    }

    private static IEnumerable<SwarmFinding> OfSpread(SwarmSummary swarm, IReadOnlyList<SwarmNode> managers)
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
            yield return Warning(
                "ManagersCrowded",
                $"The region {crowded.Key} has {crowded.Count()} managers ({Names(crowded)}) while {string.Join(", ", without)} {(without.Count == 1 ? "has" : "have")} none.",
                "Demote one there with Step-SwarmDemotion, and promote a node of another region with Step-SwarmPromotion."
            ) with
            {
                Distinction = crowded.Key!,
            };
    }

    private static SwarmFinding Critical(string check, string message, string action) =>
        Of(SwarmFindingSeverity.Critical, check, message, action);

    private static SwarmFinding Warning(string check, string message, string action) =>
        Of(SwarmFindingSeverity.Warning, check, message, action);

    private static SwarmFinding Of(SwarmFindingSeverity severity, string check, string message, string action = "") =>
        new()
        {
            Severity = severity,
            Area = SwarmFindingArea.Swarm,
            Subject = "swarm",
            Check = check,
            Message = message,
            RecommendedAction = action,
        };

    private static SwarmFinding OfNode(SwarmFindingSeverity severity, SwarmNode node, string check, string message, string action) =>
        Of(severity, check, message, action) with
        {
            Area = SwarmFindingArea.Node,
            Subject = node.Name,
        };

    private static bool IsVoter(SwarmNode node) => node.ManagerAddress is not null;

    private static string NameOf(SwarmSummary swarm, string nodeId) =>
        swarm.Nodes.FirstOrDefault(node => node.NodeId == nodeId)?.Name ?? nodeId;

    private static string Names(IEnumerable<SwarmNode> nodes) => string.Join(", ", nodes.Select(node => node.Name));
}
