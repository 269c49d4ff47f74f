using System.Globalization;
using System.Text.RegularExpressions;

namespace SwarmOps.Nodes.Preflight;

/// <summary>Checks the engines: that they answer, run on Linux, have equal versions, and are not clones.</summary>
internal static partial class EngineCheck
{
    public const string Engine = "Engine";
    public const string OperatingSystem = "OperatingSystem";
    public const string Version = "EngineVersion";
    public const string Identity = "EngineId";

    /// <summary>moby/moby issue 51798: these versions cannot exchange IPsec packets with others.</summary>
    private static readonly (Version From, Version To) BrokenIpsec = (new(29, 0, 0), new(29, 2, 0));

    /// <summary>First engines without CVE-2023-28840, 28841 and 28842 (encrypted overlay networks accept and send unencrypted packets): 20.10.24, and 23.0.3 in the 23 line.</summary>
    private static readonly Version[] FixedIn = [new(20, 10, 24), new(23, 0, 3)];

    /// <summary>The findings about the engines.</summary>
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
            yield return JudgeIdentity(facts, asked);
        }
    }

    /// <summary>The version of an engine, without distribution suffixes; null when it cannot be parsed.</summary>
    public static Version? ParseVersion(string? text)
    {
        var match = LeadingVersion().Match(text ?? "");
        return match.Success ? new Version(Number(match, 1), Number(match, 2), match.Groups[3].Success ? Number(match, 3) : 0) : null;
    }

    private static NodeFinding JudgeSystem(NodeFacts facts)
    {
        var kind = facts.Info?.OSType ?? facts.Host?.Kernel ?? "";
        var name = facts.Info?.OperatingSystem ?? facts.Host?.OperatingSystem ?? "";
        var kernel = facts.Info?.KernelVersion ?? facts.Host?.KernelVersion ?? "";
        return kind.Equals("linux", StringComparison.OrdinalIgnoreCase)
            ? facts.Finding(OperatingSystem, FindingResult.Pass, $"{name}, kernel {kernel}")
            : facts.Finding(OperatingSystem, FindingResult.Fail, $"{name} is {kind}, not Linux: encrypted overlay networks and the checks of SwarmOps need Linux", "Use a Linux machine for this node.");
    }

    private static NodeFinding JudgeVersion(NodeFacts facts, List<NodeFacts> asked)
    {
        var text = facts.Info!.ServerVersion;
        if (ParseVersion(text) is not { } version)
            return facts.Finding(Version, FindingResult.NotTested, $"'{text}' is not a comparable version");
        if (version >= BrokenIpsec.From && version <= BrokenIpsec.To)
            return facts.Finding(Version, FindingResult.Warning, $"{text}: engines 29.0 to 29.2.0 cannot exchange IPsec packets with other engines (moby/moby issue 51798)", "Update the engine to 29.2.1 or later, or use no encrypted overlay networks on this node.");
        if (version < FixedIn[0] || (version.Major == 23 && version < FixedIn[1]))
            return facts.Finding(Version, FindingResult.Warning, $"{text}: encrypted overlay networks of this engine accept and send unencrypted packets (CVE-2023-28840, 28841, 28842)", "Update the engine to 20.10.24, 23.0.3 or later.");
        var common = CommonVersion(asked);
        return common is null || Line(version) == common
            ? facts.Finding(Version, FindingResult.Pass, text)
            : facts.Finding(Version, FindingResult.Warning, $"{text}, while most nodes have {common}: {Names(asked, other => Line(ParseVersion(other.Info!.ServerVersion)) == common)}", "Update all engines of the swarm to one version.");
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
                "If one is a clone: stop its engine, delete /var/lib/docker/engine-id (before 23.0: /etc/docker/key.json), and start it. If both are one machine, pass it once.") with { Peer = twin.Node.Name };
    }

    /// <summary>The release line that most nodes have, the newest of equally common ones.</summary>
    private static string? CommonVersion(List<NodeFacts> asked) => asked
        .Select(facts => ParseVersion(facts.Info!.ServerVersion))
        .OfType<Version>()
        .GroupBy(Line)
        .OrderByDescending(group => group.Count())
        .ThenByDescending(group => group.Max())
        .FirstOrDefault()?.Key;

    private static string? Line(Version? version) => version is null ? null : $"{version.Major}.{version.Minor}";

    private static string Names(List<NodeFacts> asked, Func<NodeFacts, bool> which) => string.Join(", ", asked.Where(which).Select(facts => facts.Node.Name));

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?")]
    private static partial Regex LeadingVersion();
}
