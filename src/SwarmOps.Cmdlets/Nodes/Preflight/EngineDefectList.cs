using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using SwarmOps.Transport;

namespace SwarmOps.Nodes.Preflight;

/// <summary>The known defects of Docker's engine.</summary>
internal sealed partial record EngineDefectList
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        // A misspelt name in the file is an error, and so is a number for a word.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private static readonly Lazy<EngineDefectList> Carried = new(() => Parse(EmbeddedText.Read("engine-defects.json")));

    /// <summary>The list that the module carries.</summary>
    public static EngineDefectList Known => Carried.Value;

    /// <summary>The newest release that was looked at.</summary>
    public required EngineRelease NewestRelease { get; init; }

    /// <summary>When moby was looked at.</summary>
    public required DateOnly CheckedOn { get; init; }

    /// <summary>All rows.</summary>
    public required IReadOnlyList<EngineDefect> Defects { get; init; }

    /// <summary>The defects of a release, the most severe first.</summary>
    public IReadOnlyList<EngineDefect> In(EngineRelease release) =>
        [.. Defects.Where(defect => defect.IsIn(release)).OrderBy(defect => defect.Severity)];

    /// <summary>Reads and checks a list.</summary>
    /// <exception cref="JsonException">It is no list, or a row of it is incomplete or contradicts itself; the message names the row.</exception>
    public static EngineDefectList Parse(string json)
    {
        var list = JsonSerializer.Deserialize<EngineDefectList>(json, Format) ?? throw new JsonException("there is no list of defects");
        var problem =
            list.Defects.SelectMany(list.Problems).FirstOrDefault()
            ?? list.Defects.GroupBy(defect => defect.Id)
                .Where(rows => rows.Count() > 1)
                .Select(rows => $"{rows.Key}: occurs twice")
                .FirstOrDefault();
        return problem is null ? list : throw new JsonException(problem);
    }

    private IEnumerable<string> Problems(EngineDefect defect)
    {
        string[] clauses = [defect.Title, defect.Condition];
        string[] sentences = [defect.Consequence, defect.Action, defect.Handling ?? "Nothing."];
        if (!Word().IsMatch(defect.Id))
            yield return $"'{defect.Id}': an id is of small letters, numbers and hyphens";
        if (clauses.Any(text => string.IsNullOrWhiteSpace(text) || text.EndsWith('.')))
            yield return $"{defect.Id}: title and condition are clauses without a full stop";
        if (sentences.Any(text => string.IsNullOrWhiteSpace(text) || !text.EndsWith('.')))
            yield return $"{defect.Id}: consequence, action and handling are sentences with a full stop";
        if (
            clauses
                .Concat(sentences)
                .Any(text => text.Contains('\n', StringComparison.Ordinal) || text.Contains('|', StringComparison.Ordinal))
        )
            yield return $"{defect.Id}: texts are one line, and fit into a table";
        if (defect.Sources.Count == 0 || defect.Sources.Any(source => !source.IsAbsoluteUri || source.Scheme != Uri.UriSchemeHttps))
            yield return $"{defect.Id}: it needs a source, and sources are https addresses";
        if (defect.Affected.Count == 0 || defect.Affected.Any(releases => releases.Fixed <= releases.From))
            yield return $"{defect.Id}: it needs affected releases, and a fix comes after the defect";
        if (defect.Affected.Zip(defect.Affected.Skip(1)).Any(pair => pair.First.Fixed is null || pair.First.Fixed > pair.Second.From))
            yield return $"{defect.Id}: affected releases are in order and do not overlap";
        if (defect.Affected.Any(releases => releases.From > NewestRelease || releases.Fixed > NewestRelease))
            yield return $"{defect.Id}: it names a release after {NewestRelease}, the newest that was looked at";
        if (
            defect.Recommended is { } recommended
            && (
                defect.IsIn(recommended)
                || recommended > NewestRelease
                || !defect.Action.Contains(recommended.ToString(), StringComparison.Ordinal)
            )
        )
            yield return $"{defect.Id}: the recommended release is free of it, is known, and is named in the action";
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex Word();
}
