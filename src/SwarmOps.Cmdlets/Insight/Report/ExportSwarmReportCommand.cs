using System.Collections;
using System.Globalization;
using System.Management.Automation;
using SwarmOps.Pipeline;

namespace SwarmOps.Insight.Report;

/// <summary>Writes one HTML file that shows a swarm and all that runs on it: findings first, each with what to do.</summary>
[Cmdlet(VerbsData.Export, "SwarmReport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SwarmReport))]
public sealed class ExportSwarmReportCommand : SurveyCmdlet
{
    /// <summary>The file to write; an existing one is replaced.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The title of the page.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>An earlier report, HTML or JSON: what changed since is marked.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Compare { get; set; }

    /// <summary>Latitude and longitude of regions on the map, such as <c>@{ 'dc-1' = 52.5, 13.4 }</c>; AWS's regions are known.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Coordinate { get; set; } = new Hashtable();

    /// <summary>Writes the report as JSON instead of HTML.</summary>
    [Parameter]
    public SwitchParameter AsJson { get; set; }

    /// <summary>Sends no packets between the nodes.</summary>
    [Parameter]
    public SwitchParameter SkipPacketTest { get; set; }

    /// <summary>Does not replace an existing file.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Returns the report as an object, too.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>How long to wait for a leader election, in seconds; 0 does not wait.</summary>
    [Parameter]
    [ValidateRange(0, 3600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <inheritdoc/>
    private protected override Task ProcessSetAsync(IOperationContext context, IReadOnlyList<SwarmNode> nodes) =>
        new ExportReportOperation(
            context,
            new ExportReportRequest(nodes, FullPath(Path))
            {
                Title = Title,
                AsJson = AsJson,
                ComparedPath = Compare is { } path ? FullPath(path) : null,
                Coordinates = Places(),
                SendsPackets = !SkipPacketTest,
                NoClobber = NoClobber,
                PassThru = PassThru,
                Timeout = TimeSpan.FromSeconds(TimeoutSeconds),
                ThrottleLimit = ThrottleLimit,
                Firewall = Firewall,
            }
        ).RunAsync();

    private Dictionary<string, (double Latitude, double Longitude)> Places() =>
        Coordinate
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => LanguagePrimitives.ConvertTo<string>(entry.Key), Place, StringComparer.Ordinal);

    private static (double Latitude, double Longitude) Place(DictionaryEntry entry)
    {
        string[] texts =
        [
            .. LanguagePrimitives.ConvertTo<string[]>(entry.Value).SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries)),
        ];
        return
            texts is [var north, var east]
            && double.TryParse(north, NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude)
            && double.TryParse(east, NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude)
            && Math.Abs(latitude) <= 90
            && Math.Abs(longitude) <= 180
            ? (latitude, longitude)
            : throw ReportErrors.CoordinateInvalid(LanguagePrimitives.ConvertTo<string>(entry.Key), string.Join(", ", texts));
    }
}
