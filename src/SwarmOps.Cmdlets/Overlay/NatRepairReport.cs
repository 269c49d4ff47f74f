using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace SwarmOps.Overlay;

/// <summary>The parsed output of one of the <see cref="NatRepairScripts"/>.</summary>
internal sealed partial class NatRepairReport
{
    private const string FailedPrefix = "failed ";

    private readonly Dictionary<string, string> sections;

    private NatRepairReport(Dictionary<string, string> sections) => this.sections = sections;

    /// <summary>The host's kernel host name.</summary>
    public string Hostname => Section("host");

    /// <summary>The host's own addresses.</summary>
    public IReadOnlyList<IPAddress> Addresses =>
        [.. AddressPattern().Matches(Section("addresses")).Select(match => IPAddress.Parse(match.Groups[1].Value))];

    /// <summary>Whether nft is installed.</summary>
    public bool HasNft => Section("nft") == "yes";

    /// <summary>Whether any part of the rule exists, in the kernel or on disk.</summary>
    public bool HasTrace => Section("table").Length > 0 || Section("rule-file").Length > 0 || Section("unit-file").Length > 0;

    /// <summary>The steps that failed, with their output.</summary>
    public IReadOnlyDictionary<string, string> Failures =>
        sections
            .Where(section => section.Key.StartsWith(FailedPrefix, StringComparison.Ordinal))
            .ToDictionary(section => section.Key[FailedPrefix.Length..], section => section.Value);

    /// <summary>Reads a script's output; null when its end is missing.</summary>
    public static NatRepairReport? Parse(string output)
    {
        var sections = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in ("\n" + output.ReplaceLineEndings("\n")).Split("\n" + NatRepairScripts.SectionMark).Skip(1))
        {
            var line = part.IndexOf('\n', StringComparison.Ordinal);
            sections[line < 0 ? part : part[..line]] = line < 0 ? "" : part[line..].Trim();
        }

        return sections.ContainsKey("end") ? new NatRepairReport(sections) : null;
    }

    /// <summary>Whether the running kernel has the rule.</summary>
    /// <param name="dataPathPort">The swarm's data path port.</param>
    public bool IsActive(int dataPathPort)
    {
        var match = RulePattern().Match(Section("table"));
        return match.Success && match.Groups[1].Value == dataPathPort.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Whether the rule, as written by this version, is restored at boot.</summary>
    /// <param name="dataPathPort">The swarm's data path port.</param>
    public bool IsPersistent(int dataPathPort) =>
        Section("rule-file") == NatRepairFiles.Rule(dataPathPort).Trim()
        && Section("unit-file") == NatRepairFiles.Unit().Trim()
        && Section("enabled") == "enabled";

    private string Section(string name) => sections.GetValueOrDefault(name, "");

    /// <summary>Lines of <c>ip -o addr show</c>: index, interface, family, address/prefix; a point-to-point address has no prefix but a peer.</summary>
    [GeneratedRegex(@"^\d+: \S+\s+inet6? ([0-9a-fA-F.:]+)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex AddressPattern();

    /// <summary>The rule as nft lists it; versions differ in how they write 0 and in spaces.</summary>
    [GeneratedRegex(
        @"hook prerouting\b.*?meta ipsec exists\b.*?udp dport (\d+)\b.*?udp checksum set 0(?:x0*)?\s",
        RegexOptions.Singleline | RegexOptions.CultureInvariant
    )]
    private static partial Regex RulePattern();
}
