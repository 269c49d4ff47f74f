using System.Text.Json;
using System.Text.Json.Serialization;

namespace SwarmOps.Insight.Report;

/// <summary>What of a report a later one is compared with. It is part of every report, as JSON.</summary>
internal sealed record ReportDigest
{
    /// <summary>The format; a report of another one is not compared.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The id of the element that is the digest in an HTML report.</summary>
    public const string ElementId = "swarmops-digest";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The format of this digest.</summary>
    public int Format { get; init; }

    /// <summary>When the pass began, UTC.</summary>
    public DateTime TakenAt { get; init; }

    /// <summary>Id of the swarm; null when it could not be asked.</summary>
    public string? SwarmId { get; init; }

    /// <summary>The leader.</summary>
    public string? Leader { get; init; }

    /// <summary>The nodes: state, role and engine.</summary>
    public IReadOnlyList<DigestItem> Nodes { get; init; } = [];

    /// <summary>The services: tasks and image; null when they could not be read.</summary>
    public IReadOnlyList<DigestItem>? Services { get; init; }

    /// <summary>The findings.</summary>
    public IReadOnlyList<DigestFinding> Findings { get; init; } = [];

    /// <summary>The digest of a report.</summary>
    public static ReportDigest Of(SwarmReport report) =>
        new()
        {
            Format = CurrentFormat,
            TakenAt = report.TakenAt,
            SwarmId = report.Swarm?.Id,
            Leader = report.Swarm?.Leader,
            Nodes =
            [
                .. report.Nodes.Select(node => new DigestItem(
                    node.Node,
                    new Dictionary<string, string>
                    {
                        ["state"] = node.State?.ToString() ?? ReportWords.NotKnown,
                        ["role"] = node.Role?.ToString() ?? ReportWords.NotKnown,
                        ["availability"] = node.Availability?.ToString() ?? ReportWords.NotKnown,
                        ["engine"] = node.EngineVersion ?? ReportWords.NotKnown,
                    }
                )),
            ],
            Services = report
                .Services?.Select(service => new DigestItem(
                    service.Name,
                    new Dictionary<string, string>
                    {
                        ["tasks"] = $"{service.RunningCount} of {service.DesiredCount}",
                        ["image"] = service.Image,
                    }
                ))
                .ToList(),
            Findings =
            [
                .. report.Findings.Select(finding => new DigestFinding(
                    finding.Key,
                    finding.Severity,
                    finding.Area,
                    finding.Subject,
                    finding.Message
                )),
            ],
        };

    /// <summary>The digest as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>Reads the digest of an earlier report, HTML or JSON; null when the text has none of this format.</summary>
    public static ReportDigest? Find(string text)
    {
        try
        {
            var json = text.TrimStart().StartsWith('{') ? OfJson(text) : OfHtml(text);
            return json is not null && JsonSerializer.Deserialize<ReportDigest>(json, Options) is { Format: CurrentFormat } digest
                ? digest
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? OfJson(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.TryGetProperty(ReportJson.DigestProperty, out var digest) ? digest.GetRawText() : null;
    }

    private static string? OfHtml(string text)
    {
        var at = text.IndexOf($"id=\"{ElementId}\"", StringComparison.Ordinal);
        var begin = at < 0 ? -1 : text.IndexOf('>', at);
        var end = begin < 0 ? -1 : text.IndexOf("</script>", begin, StringComparison.Ordinal);
        return end < 0 ? null : text[(begin + 1)..end];
    }
}

/// <summary>An object of a digest.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">What is compared.</param>
internal sealed record DigestItem(string Name, IReadOnlyDictionary<string, string> Values);

/// <summary>A finding of a digest.</summary>
/// <param name="Key">Equal for the same problem at two moments.</param>
/// <param name="Severity">How much it mattered.</param>
/// <param name="Area">What it was about.</param>
/// <param name="Subject">The object.</param>
/// <param name="Message">What was observed.</param>
internal sealed record DigestFinding(string Key, SwarmFindingSeverity Severity, SwarmFindingArea Area, string Subject, string Message);
