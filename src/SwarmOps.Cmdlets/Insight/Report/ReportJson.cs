using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SwarmOps.Insight.Report;

/// <summary>A report as JSON.</summary>
internal static class ReportJson
{
    /// <summary>The property that a later report is compared with.</summary>
    public const string DigestProperty = "digest";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The whole report, and its digest.</summary>
    public static string Of(SwarmReport report)
    {
        var json = JsonSerializer.SerializeToNode(report, Options)!.AsObject();
        json.Add(DigestProperty, JsonNode.Parse(ReportDigest.Of(report).ToJson()));
        return json.ToJsonString(Options) + "\n";
    }
}
