using System.Globalization;
using SwarmOps.GeoDns.Formation;
using SwarmOps.Stacks.Model;

namespace SwarmOps.Stacks.Building;

/// <summary>The name servers of an edge service, from <c>x-swarmops.geoDns</c>.</summary>
internal sealed class ZoneBuilder(Fields zone, string path, BuildContext context)
{
    private static readonly string[] Needed = ["zone", "image"];

    public StackZone Build(StackService service)
    {
        var at = zone.At("zone");
        foreach (var key in Needed.Where(key => !zone.Has(key)))
            context.Problems.Add(
                at,
                $"{path}.x-swarmops.geoDns has no {key}.",
                key == "zone"
                    ? "Add 'zone: ' with the name of the site, such as shop.example.org."
                    : "Add 'image: ' with an image that has gdnsd."
            );
        var request = new NewGeoDnsRequest([], zone.Text("zone") ?? "zone.example.org")
        {
            Image = zone.Text("image"),
            NameServers = Texts("nameServer"),
            Records = Texts("recordName"),
            RegionOrder = Texts("regionOrder"),
            NetworkMap = zone.Has("networkMap") ? Lists("networkMap") : null,
            Coordinates = zone.Has("coordinate") ? zone.Table("coordinate") : null,
            DatabasePath = zone.Scalar("geoDatabase") is { } database ? database.At.File.Resolve(database.Text) : null,
            TtlSeconds = Seconds("ttl", 5, 3600),
            HealthPort = (int?)zone.Count("healthPort"),
            HealthPath = zone.Text("healthPath"),
            HealthHost = zone.Text("healthHost"),
            HealthIntervalSeconds = Seconds("healthInterval", 2, 255),
            HealthTimeoutSeconds = Seconds("healthTimeout", 1, 254),
            HealthRetries = (int?)zone.Count("healthRetries"),
        };
        PartBuilder.Check(context, at, $"{path}.x-swarmops.geoDns", () => GeoDnsRules.Check(request));
        return new StackZone(service.Key, at, request);
    }

    private IReadOnlyList<string>? Texts(string key) => zone.Has(key) ? zone.Texts(key) : null;

    private Dictionary<string, IReadOnlyList<string>> Lists(string key) =>
        zone.Entries(key).ToDictionary(entry => entry.Key, entry => zone.Map(key).Texts(entry.Key), StringComparer.Ordinal);

    /// <summary>A duration in whole seconds, which is all that name servers know.</summary>
    private int? Seconds(string key, int least, int most)
    {
        if (zone.Duration(key) is not { } span)
            return null;
        var seconds = (int)Math.Min(span.TotalSeconds, int.MaxValue);
        if (span.Ticks % TimeSpan.TicksPerSecond != 0 || seconds < least || seconds > most)
            context.Problems.Add(
                zone.At(key),
                string.Create(CultureInfo.InvariantCulture, $"{path}.x-swarmops.geoDns.{key} is {span.TotalSeconds:0.###} s."),
                string.Create(CultureInfo.InvariantCulture, $"Write whole seconds, {least}s to {most}s.")
            );
        return seconds;
    }
}
