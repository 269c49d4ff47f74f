using SwarmOps.Overlay.Proof;

namespace SwarmOps.Insight.Findings;

/// <summary>What is wrong with overlay networks.</summary>
internal static class OverlayJudge
{
    /// <summary>Findings about the NAT rule, which all encrypted networks share.</summary>
    public static IEnumerable<SwarmFinding> OfRules(IReadOnlyList<SwarmOverlay> overlays)
    {
        if (overlays.FirstOrDefault(overlay => overlay.Encrypted && overlay.NatRepairs.Count > 0) is not { } encrypted)
            yield break;
        var action = $"Run New-EncryptedOverlay -Name {encrypted.Name} again with all nodes: it installs the rule.";
        foreach (var rule in encrypted.NatRepairs.Where(rule => rule.RuleNeeded is true))
        {
            if (rule.RuleActive is false)
                yield return new SwarmFinding
                {
                    Severity = SwarmFindingSeverity.Critical,
                    Area = SwarmFindingArea.Node,
                    Subject = rule.Node,
                    Check = "NatRuleMissing",
                    Message = $"'{rule.Node}' lacks the NAT rule: encrypted overlay networks lose its packets.",
                    RecommendedAction = action,
                };
            else if (rule.RulePersistent is false)
                yield return new SwarmFinding
                {
                    Severity = SwarmFindingSeverity.Warning,
                    Area = SwarmFindingArea.Node,
                    Subject = rule.Node,
                    Check = "NatRuleNotPersistent",
                    Message = $"The NAT rule on '{rule.Node}' is active and will be lost at the next reboot.",
                    RecommendedAction = action,
                };
        }
    }

    /// <summary>Findings about the paths of one network.</summary>
    /// <param name="paths">All its paths.</param>
    /// <param name="silent">Names of nodes that did not answer.</param>
    public static IEnumerable<SwarmFinding> OfPaths(IReadOnlyList<SwarmOverlayPath> paths, IReadOnlySet<string> silent) =>
        OverlayVerdict
            .Problems([
                .. paths.Where(path =>
                    path.Cause != SwarmOverlayCause.NotTested || !(silent.Contains(path.From) || silent.Contains(path.To))
                ),
            ])
            .Select(problem => new SwarmFinding
            {
                Severity = problem.Paths.Max(path => Severity(path.Result)),
                Area = SwarmFindingArea.Overlay,
                Subject = problem.Paths[0].Overlay,
                Check = problem.Paths[0].Cause.ToString(),
                Message = problem.Message,
                RecommendedAction = problem.Paths[0].RecommendedAction ?? "",
                Distinction = problem.Paths[0].Cause == SwarmOverlayCause.NotTested ? problem.Paths[0].Detail : "",
            });

    /// <summary>That a network could not be tested, since no container may attach to it.</summary>
    public static SwarmFinding NotAttachable(string network) =>
        new()
        {
            Severity = SwarmFindingSeverity.Information,
            Area = SwarmFindingArea.Overlay,
            Subject = network,
            Check = "OverlayNotAttachable",
            Message = $"Packets on '{network}' were not tested: no container may attach to it.",
            RecommendedAction = "Test another network of the same kind between the same nodes; the data path is the same.",
        };

    private static SwarmFindingSeverity Severity(FindingResult result) =>
        result switch
        {
            FindingResult.Fail => SwarmFindingSeverity.Critical,
            FindingResult.Warning => SwarmFindingSeverity.Warning,
            FindingResult.NotTested => SwarmFindingSeverity.Unknown,
            _ => SwarmFindingSeverity.Information,
        };
}
