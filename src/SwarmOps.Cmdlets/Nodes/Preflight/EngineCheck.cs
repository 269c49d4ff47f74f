using System.Globalization;

namespace SwarmOps.Nodes.Preflight;

/// <summary>Checks the engines: that they answer, run on Linux, have equal versions, have no known defects, and are not clones.</summary>
internal static class EngineCheck
{
    public const string Engine = "Engine";
    public const string OperatingSystem = "OperatingSystem";
    public const string Version = "EngineVersion";
    public const string Defect = "EngineDefect";
    public const string Identity = "EngineId";

    /// <summary>All that can be said of the engines.</summary>
    public static IEnumerable<NodeFinding> Judge(IReadOnlyList<NodeFacts> all)
    {
        var asked = all.Where(facts => facts.Info is not null).ToList();
        foreach (var facts in all)
        {
            if (facts.Info is null)
            {
                yield return facts.Finding(Engine, FindingResult.Fail, facts.EngineError!.Message, facts.EngineError.RecommendedAction);
                if (facts.Host is not null)
                    yield return JudgeSystem(facts);
                continue;
            }

            yield return facts.Finding(Engine, FindingResult.Pass, $"engine {facts.Info.ServerVersion} answers at {facts.Node.DockerHost}");
            yield return JudgeSystem(facts);
            yield return JudgeVersion(facts, asked);
            foreach (var finding in JudgeDefects(facts, asked))
                yield return finding;
            yield return JudgeIdentity(facts, asked);
        }
    }

    private static NodeFinding JudgeSystem(NodeFacts facts)
    {
        var kind = facts.Info?.OSType ?? facts.Host?.Kernel ?? "";
        var name = facts.Info?.OperatingSystem ?? facts.Host?.OperatingSystem ?? "";
        var kernel = facts.Info?.KernelVersion ?? facts.Host?.KernelVersion ?? "";
        return kind.Equals("linux", StringComparison.OrdinalIgnoreCase)
            ? facts.Finding(OperatingSystem, FindingResult.Pass, $"{name}, kernel {kernel}")
            : facts.Finding(
                OperatingSystem,
                FindingResult.Fail,
                $"{name} is {kind}, not Linux: encrypted overlay networks and the checks of SwarmOps need Linux",
                "Use a Linux machine for this node."
            );
    }

    private static NodeFinding JudgeVersion(NodeFacts facts, List<NodeFacts> asked)
    {
        var text = facts.Info!.ServerVersion;
        if (Release(facts) is not { } release)
        {
            return facts.Finding(
                Version,
                FindingResult.NotTested,
                $"'{text}' names no release, so this engine's defects are not known",
                "Find out from which release the engine was built (docker version, and the package's name), and compare it with docs/engines.md."
            );
        }

        var common = CommonLine(asked);
        return release.Line == common
            ? facts.Finding(Version, FindingResult.Pass, text)
            : facts.Finding(
                Version,
                FindingResult.Warning,
                $"{text}, while most nodes have {common}: {Names(asked, other => Release(other)?.Line == common)}",
                "Update all engines of the swarm to one version."
            );
    }

    /// <summary>One finding for each known defect of a node's engine; one in all when there is none; none when its release is not known.</summary>
    private static IEnumerable<NodeFinding> JudgeDefects(NodeFacts facts, List<NodeFacts> asked)
    {
        if (Release(facts) is not { } release)
            return [];
        var list = EngineDefectList.Known;
        return list.In(release) is { Count: > 0 } defects
            ? defects.Select(defect => JudgeDefect(facts, defect, asked))
            :
            [
                facts.Finding(
                    Defect,
                    FindingResult.Pass,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"none is known of {facts.Info!.ServerVersion} (releases up to {list.NewestRelease}, {list.CheckedOn:yyyy-MM-dd})"
                    )
                ),
            ];
    }

    private static NodeFinding JudgeDefect(NodeFacts facts, EngineDefect defect, List<NodeFacts> asked)
    {
        var without = defect.BetweenVersions ? Names(asked, other => Release(other) is { } release && !defect.IsIn(release)) : "";
        var here = without.Length > 0 ? $" Nodes without the defect: {without}." : "";
        var nodes = defect.Role == DefectRole.Manager ? "managers" : "all nodes";
        return facts.Finding(
            Defect,
            without.Length > 0 ? FindingResult.Fail : FindingResult.Warning,
            $"{facts.Info!.ServerVersion}: {defect.Title}. {defect.Consequence}{here} Severity {defect.Severity.ToString().ToLowerInvariant()}, on {nodes}: {defect.Condition}. {defect.Sources[0]}",
            defect.Action
        );
    }

    private static NodeFinding JudgeIdentity(NodeFacts facts, List<NodeFacts> asked)
    {
        var twin = asked.FirstOrDefault(other => !ReferenceEquals(other, facts) && other.Info!.ID == facts.Info!.ID);
        return twin is null || string.IsNullOrEmpty(facts.Info!.ID)
            ? facts.Finding(Identity, FindingResult.Pass, $"{facts.Info!.ID} is unique in the node set")
            : facts.Finding(
                Identity,
                FindingResult.Fail,
                $"{facts.Info.ID} is also the id of '{twin.Node.Name}': one is a clone of the other, or both are the same machine",
                "If one is a clone: stop its engine, delete /var/lib/docker/engine-id (before 23.0: /etc/docker/key.json), and start it. If both are one machine, pass it once."
            ) with
            {
                Peer = twin.Node.Name,
            };
    }

    /// <summary>The release line that most nodes have, the newest of equally common ones.</summary>
    private static string? CommonLine(List<NodeFacts> asked) =>
        asked
            .Select(Release)
            .OfType<EngineRelease>()
            .GroupBy(release => release.Line)
            .OrderByDescending(group => group.Count())
            .ThenByDescending(group => group.Max())
            .FirstOrDefault()
            ?.Key;

    private static EngineRelease? Release(NodeFacts facts) => EngineRelease.TryParse(facts.Info!.ServerVersion);

    private static string Names(List<NodeFacts> asked, Func<NodeFacts, bool> which) =>
        string.Join(", ", asked.Where(which).Select(facts => facts.Node.Name));
}
