namespace SwarmOps.GeoDns.Definition;

/// <summary>Where regions and continents are, and which is nearer.</summary>
internal static class RegionPlaces
{
    private const double EarthRadiusKilometers = 6371;

    /// <summary>AWS's regions: the metropolitan area that AWS names for each (docs.aws.amazon.com, "AWS Regions"), in degrees.</summary>
    private static readonly Dictionary<string, (double Latitude, double Longitude)> Known = new(StringComparer.Ordinal)
    {
        ["af-south-1"] = (-33.9, 18.4),
        ["ap-east-1"] = (22.3, 114.2),
        ["ap-northeast-1"] = (35.7, 139.7),
        ["ap-northeast-2"] = (37.6, 127.0),
        ["ap-northeast-3"] = (34.7, 135.5),
        ["ap-south-1"] = (19.1, 72.9),
        ["ap-south-2"] = (17.4, 78.5),
        ["ap-southeast-1"] = (1.4, 103.8),
        ["ap-southeast-2"] = (-33.9, 151.2),
        ["ap-southeast-3"] = (-6.2, 106.8),
        ["ap-southeast-4"] = (-37.8, 145.0),
        ["ca-central-1"] = (45.5, -73.6),
        ["ca-west-1"] = (51.0, -114.1),
        ["eu-central-1"] = (50.1, 8.7),
        ["eu-central-2"] = (47.4, 8.5),
        ["eu-north-1"] = (59.3, 18.1),
        ["eu-south-1"] = (45.5, 9.2),
        ["eu-south-2"] = (41.6, -0.9),
        ["eu-west-1"] = (53.3, -6.3),
        ["eu-west-2"] = (51.5, -0.1),
        ["eu-west-3"] = (48.9, 2.4),
        ["il-central-1"] = (32.1, 34.8),
        ["me-central-1"] = (24.5, 54.4),
        ["me-south-1"] = (26.2, 50.6),
        ["mx-central-1"] = (20.6, -100.4),
        ["sa-east-1"] = (-23.5, -46.6),
        ["us-east-1"] = (38.9, -77.4),
        ["us-east-2"] = (40.0, -83.0),
        ["us-west-1"] = (37.4, -121.9),
        ["us-west-2"] = (45.8, -119.7),
    };

    /// <summary>MaxMind's continent codes, with a place in the middle of where its people live.</summary>
    public static IReadOnlyList<(string Code, string Name, double Latitude, double Longitude)> Continents { get; } =
    [
        ("AF", "Africa", 5, 20),
        ("AN", "Antarctica", -75, 0),
        ("AS", "Asia", 28, 100),
        ("EU", "Europe", 50, 12),
        ("NA", "North America", 39, -92),
        ("OC", "Oceania", -30, 145),
        ("SA", "South America", -16, -56),
    ];

    /// <summary>
    /// A client in each continent, for asking what it would be answered: networks of institutions that have been in one place since the 1990s (the registries' own delegation
    /// files: AFRINIC, University of Tokyo, RIPE NCC, MIT, University of Melbourne, NIC.br).
    /// </summary>
    public static IReadOnlyList<(string Name, string Client)> Probes { get; } =
    [
        ("Africa", "196.216.2.0/24"),
        ("Asia", "133.11.0.0/24"),
        ("Europe", "193.0.6.0/24"),
        ("North America", "18.7.22.0/24"),
        ("Oceania", "128.250.0.0/24"),
        ("South America", "200.160.4.0/24"),
    ];

    /// <summary>Where a region is by its name; null when the name is no known one.</summary>
    public static (double Latitude, double Longitude)? Find(string region) => Known.TryGetValue(region, out var place) ? place : null;

    /// <summary>The regions from the nearest to the farthest; those without a place follow in the given order.</summary>
    public static IReadOnlyList<string> Nearest(double latitude, double longitude, IReadOnlyList<GeoDnsRegion> regions) =>
        [
            .. regions
                .OrderBy(region =>
                    region.HasPlace ? Kilometers(latitude, longitude, region.Latitude!.Value, region.Longitude!.Value) : double.MaxValue
                )
                .Select(region => region.Name),
        ];

    /// <summary>The regions for clients of one region: itself, then the others by distance, or in the default order.</summary>
    public static IReadOnlyList<string> From(string first, IReadOnlyList<GeoDnsRegion> regions)
    {
        var home = regions.FirstOrDefault(region => region.Name == first);
        var order = home is { HasPlace: true }
            ? Nearest(home.Latitude!.Value, home.Longitude!.Value, regions)
            : [.. regions.Select(region => region.Name)];
        return [first, .. order.Where(name => name != first)];
    }

    /// <summary>Distance along the surface (haversine formula).</summary>
    private static double Kilometers(double latitude1, double longitude1, double latitude2, double longitude2)
    {
        static double Radians(double degrees) => degrees * Math.PI / 180;
        var (north, east) = (Radians(latitude2 - latitude1) / 2, Radians(longitude2 - longitude1) / 2);
        var chord =
            Math.Pow(Math.Sin(north), 2) + (Math.Cos(Radians(latitude1)) * Math.Cos(Radians(latitude2)) * Math.Pow(Math.Sin(east), 2));
        return 2 * EarthRadiusKilometers * Math.Asin(Math.Min(1, Math.Sqrt(chord)));
    }
}
