using System.Text.RegularExpressions;

namespace SwarmOps.Insight.Findings;

/// <summary>The findings that Galera clusters, shared folders and zones state as sentences, with severity and action apart.</summary>
internal static partial class TextJudge
{
    /// <summary>The findings of a Galera cluster: of one that accepts no writes or is split, the first one says so.</summary>
    public static IEnumerable<SwarmFinding> Of(GaleraCluster cluster) =>
        cluster.Findings.Select(
            (text, index) =>
                Of(
                    SwarmFindingArea.Galera,
                    cluster.Name,
                    (cluster.Status, index) switch
                    {
                        (GaleraStatus.Down or GaleraStatus.Split, 0) => SwarmFindingSeverity.Critical,
                        (GaleraStatus.Unknown, 0) => SwarmFindingSeverity.Unknown,
                        _ => SwarmFindingSeverity.Warning,
                    },
                    $"Galera{cluster.Status}",
                    text,
                    $"Look at its nodes with (Get-GaleraCluster -Name {cluster.Name}).GaleraNodes."
                )
        );

    /// <summary>The findings of a shared folder.</summary>
    public static IEnumerable<SwarmFinding> Of(SwarmSharedFolder folder) =>
        folder.Findings.Select(text =>
            Of(
                SwarmFindingArea.SharedFolder,
                folder.Name,
                text.Contains("could not be asked", StringComparison.Ordinal) ? SwarmFindingSeverity.Unknown : SwarmFindingSeverity.Warning,
                $"SharedFolder{folder.Status}",
                text,
                $"Look at its copies with (Get-SwarmSharedFolder -Name {folder.Name}).Copies."
            )
        );

    /// <summary>The findings of a zone. What an admin took out of DNS informs.</summary>
    public static IEnumerable<SwarmFinding> Of(SwarmGeoDns zone) =>
        zone.Findings.Select(text =>
            Of(
                SwarmFindingArea.GeoDns,
                zone.Zone,
                text.Contains("is out of DNS", StringComparison.Ordinal) ? SwarmFindingSeverity.Information
                    : text.Contains("is unknown", StringComparison.Ordinal) ? SwarmFindingSeverity.Unknown
                    : zone.Status == GeoDnsStatus.Down ? SwarmFindingSeverity.Critical
                    : SwarmFindingSeverity.Warning,
                $"GeoDns{zone.Status}",
                text,
                $"Look at its name servers with (Get-SwarmGeoDns -Zone {zone.Zone}).Servers."
            )
        );

    /// <summary>What was observed, and what to do: the text from the first instruction on.</summary>
    public static (string Message, string Action) Split(string text)
    {
        var match = Instruction().Match(text);
        return match.Success
            ? (
                NodeJudge.Sentence(text[..match.Index].TrimEnd(' ', ';', ':', '.')),
                NodeJudge.Sentence(text[(match.Index + match.Length)..])
            )
            : (NodeJudge.Sentence(text), "");
    }

    private static SwarmFinding Of(
        SwarmFindingArea area,
        string subject,
        SwarmFindingSeverity severity,
        string check,
        string text,
        string otherwise
    )
    {
        var (message, action) = Split(text);
        return new SwarmFinding
        {
            Severity = severity,
            Area = area,
            Subject = subject,
            Check = check,
            Message = message,
            RecommendedAction = action.Length > 0 ? action : otherwise,
            Distinction = Numbers().Replace(message, "#"),
        };
    }

    [GeneratedRegex(
        @"(?<=[.;:]) +(?=(?:if it does not recover\b|until then\b|(?:[Rr]un|[Cc]heck|[Oo]pen|[Ss]pecify|[Bb]ring|[Ii]nclude|[Mm]ount|[Ff]ree|[Rr]aise|[Rr]estart|[Cc]ompare|[Ll]ook at|[Ss]ee|[Ss]tore|[Dd]ump|[Ww]rite|[Rr]emove|[Ss]tart|[Ff]ix|[Dd]elegate|[Aa]dd|[Cc]orrect|[Uu]pdate) ))"
    )]
    private static partial Regex Instruction();

    [GeneratedRegex(@"\d+(?:[.,]\d+)*")]
    private static partial Regex Numbers();
}
