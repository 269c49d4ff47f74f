using System.Net;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Firewall;

namespace SwarmOps.Insight.Findings;

/// <summary>What is wrong with the security groups of an EC2 cluster. One group and one kind of difference is one finding, however many rules it concerns.</summary>
internal static class FirewallJudge
{
    /// <summary>How many rules a message lists.</summary>
    private const int MostRules = 4;

    /// <summary>The findings.</summary>
    /// <param name="reading">The security groups as they were read.</param>
    /// <param name="failure">Why a region could not be read; null when that is not known or all were.</param>
    public static IEnumerable<SwarmFinding> Of(FirewallReading reading, SwarmOpsException? failure) =>
        [
            .. reading.Groups.SelectMany(group => Of(reading, group)),
            .. reading.Others.SelectMany(OfOther),
            .. reading.Outside.Select(node =>
                Of(SwarmFindingSeverity.Critical, node.Name, "NodeOutsideFirewall", FirewallErrors.NodeOutsideFirewall(node))
            ),
            .. Unknown(reading, failure),
        ];

    private static IEnumerable<SwarmFinding> Of(FirewallReading reading, GroupReading group)
    {
        if (group.UnreadableTag is { } text)
        {
            yield return ReportJudge.NotRead(
                SwarmFindingArea.Firewall,
                Subject(group),
                FirewallErrors.FirewallTagInvalid(reading.Cluster, group.Region, group.Group, text)
            );
            yield break;
        }

        var sync = $"Run Sync-SwarmFirewall -Cluster {reading.Cluster}";
        if (group.Drift.Missing is { Count: > 0 } missing)
            yield return Of(
                missing.Any(rule => IsNeededNow(reading, rule)) ? SwarmFindingSeverity.Critical : SwarmFindingSeverity.Warning,
                group,
                "FirewallRuleMissing",
                missing,
                $"{Name(group)} lacks {Rules(missing)}. What the {(missing.Count == 1 ? "rule allows" : "rules allow")} is dropped.",
                $"{sync}: it adds what is missing. Who removed it is in CloudTrail (RevokeSecurityGroupIngress)."
            );
        var left = group.Drift.Surplus.ToList();
        if (Take(left, IsWide) is { Count: > 0 } wide)
            yield return Wide(
                group,
                wide,
                $"{sync}: it revokes what no node needs. Put rules of your own into a security group of their own, for other ports."
            );
        // The address of a node in a region that could not be read looks the same.
        var single = Take(
            left,
            rule => FirewallPlan.SwarmTrafficOf(rule).Count > 0 && ClusterNames.RegionOfNode(reading.Cluster, rule.Purpose) is not null
        );
        if (single.Count > 0 && reading.UnknownRegions.Count == 0)
            yield return Of(
                SwarmFindingSeverity.Warning,
                group,
                "FirewallRuleStale",
                single,
                $"{Name(group)} has {Rules(single)} for addresses that no node of the cluster has any more: whoever has them now is let in.",
                $"{sync}: it revokes them."
            );
        if (left.Count > 0)
            yield return Of(
                SwarmFindingSeverity.Warning,
                group,
                "FirewallRuleForeign",
                left,
                $"{Name(group)} has {Rules(left)}, which SwarmOps did not place.",
                $"If the {(left.Count == 1 ? "rule is" : "rules are")} needed, put {(left.Count == 1 ? "it" : "them")} into a security group of {(left.Count == 1 ? "its" : "their")} own, or publish a port with Sync-SwarmFirewall -Cluster {reading.Cluster} -PublishPort; without -PublishPort it revokes what SwarmOps did not place."
            );
    }

    /// <summary>Rules in groups of others are the user's own, as long as they do not open what only nodes may use.</summary>
    private static IEnumerable<SwarmFinding> OfOther(GroupReading group)
    {
        if (group.Drift.Surplus.Where(IsWide).ToList() is { Count: > 0 } wide)
            yield return Wide(
                group,
                wide,
                $"Revoke {(wide.Count == 1 ? "it" : "them")} in EC2: SwarmOps does not change {group.Group.GroupId}, which it did not create. The cluster's own group allows the nodes already."
            );
    }

    private static SwarmFinding Wide(GroupReading group, IReadOnlyList<SwarmFirewallRule> wide, string action)
    {
        var open = wide.SelectMany(FirewallPlan.SwarmTrafficOf).Distinct(StringComparer.Ordinal);
        var isWorld = wide.Any(IsWorld);
        return Of(
            isWorld ? SwarmFindingSeverity.Critical : SwarmFindingSeverity.Warning,
            group,
            "FirewallRuleTooWide",
            wide,
            $"{Name(group)} opens {string.Join(", ", open)} to {(isWorld ? "the whole internet" : "more than nodes")}: {Rules(wide)}. Only nodes may use these: overlay networks take packets from anyone who reaches 4789/udp.",
            action
        );
    }

    private static IEnumerable<SwarmFinding> Unknown(FirewallReading reading, SwarmOpsException? failure)
    {
        if (reading.UnknownRegions is not { Count: > 0 } regions)
            yield break;
        yield return new SwarmFinding
        {
            Severity = SwarmFindingSeverity.Unknown,
            Area = SwarmFindingArea.Firewall,
            Subject = reading.Cluster,
            Check = "FirewallRegionUnknown",
            Message =
                $"It is not known what the cluster '{reading.Cluster}' has in {string.Join(", ", regions)}, so rules of nodes there were not judged{(failure is null ? "." : $": {failure.Message}")}",
            RecommendedAction =
                "Use credentials that are authorized to read every region (docs/aws.md); if the cluster never had a node there, specify -ExcludeRegion.",
            Distinction = string.Join(' ', regions),
        };
    }

    /// <summary>Whether something does not work without a rule: not while it is for a node whose instance is stopped, and SSH is for admins only.</summary>
    private static bool IsNeededNow(FirewallReading reading, SwarmFirewallRule rule) =>
        FirewallPlan.SwarmTrafficOf(rule).Count == 0
            ? rule.Source == FirewallPlan.World
            : !reading.Peers.Any(peer => !peer.IsRunning && rule.Source == $"{peer.PublicAddress}/32");

    /// <summary>Whether a rule lets a network, not only one address, use what is for nodes only.</summary>
    private static bool IsWide(SwarmFirewallRule rule) =>
        FirewallPlan.SwarmTrafficOf(rule).Count > 0
        && IPNetwork.TryParse(rule.Source, out var network)
        && network.PrefixLength < network.BaseAddress.GetAddressBytes().Length * 8;

    private static bool IsWorld(SwarmFirewallRule rule) => IPNetwork.TryParse(rule.Source, out var network) && network.PrefixLength == 0;

    private static List<SwarmFirewallRule> Take(List<SwarmFirewallRule> rules, Predicate<SwarmFirewallRule> which)
    {
        var taken = rules.FindAll(which);
        rules.RemoveAll(which);
        return taken;
    }

    private static string Subject(GroupReading group) => $"{group.Group.GroupName} ({group.Region})";

    private static string Name(GroupReading group) =>
        $"The security group '{group.Group.GroupName}' ({group.Group.GroupId}) in {group.Region}";

    private static string Rules(IReadOnlyList<SwarmFirewallRule> rules)
    {
        var shown = rules.Take(MostRules).Select(rule => rule.Purpose.Length == 0 ? $"{rule}" : $"{rule} ({rule.Purpose})");
        var more = rules.Count > MostRules ? $" and {rules.Count - MostRules} more" : "";
        return $"{(rules.Count == 1 ? "the rule" : $"{rules.Count} rules:")} {string.Join(", ", shown)}{more}";
    }

    private static SwarmFinding Of(SwarmFindingSeverity severity, string subject, string check, SwarmOpsException error) =>
        ReportJudge.NotRead(SwarmFindingArea.Firewall, subject, error) with
        {
            Severity = severity,
            Check = check,
        };

    private static SwarmFinding Of(
        SwarmFindingSeverity severity,
        GroupReading group,
        string check,
        IReadOnlyList<SwarmFirewallRule> rules,
        string message,
        string action
    ) =>
        new()
        {
            Severity = severity,
            Area = SwarmFindingArea.Firewall,
            Subject = Subject(group),
            Check = check,
            Message = message,
            RecommendedAction = action,
            // Other rules are another problem, also in the same group.
            Distinction = $"{group.Group.GroupId} {string.Join(", ", rules.Select(rule => $"{rule}").Order(StringComparer.Ordinal))}",
        };
}
