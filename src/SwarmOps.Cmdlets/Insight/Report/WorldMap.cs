namespace SwarmOps.Insight.Report;

/// <summary>Draws regions and the latencies between them on the world, in the Equal Earth projection (tools/WorldOutline makes the outline).</summary>
/// <param name="regions">The regions; those without a place are left out.</param>
/// <param name="links">The paths between them.</param>
internal sealed class WorldMap(IReadOnlyList<RegionView> regions, IReadOnlyList<RegionLink> links)
{
    private const double Width = 2000,
        Height = 880;

    /// <summary>With more links than that, numbers on the map would cover each other: the table has them.</summary>
    private const int MostLabels = 10;

    private const double NameSize = 30,
        CharacterWidth = 0.58;

    private readonly List<Box> taken = [];
    private IReadOnlyList<(double X, double Y)> dots = [];

    /// <summary>Whether a region can be drawn.</summary>
    public bool HasPlaces => regions.Any(region => region.Place is not null);

    /// <summary>A place on the map.</summary>
    public static (double X, double Y) Project(double latitude, double longitude)
    {
        // Equal Earth (Savric, Patterson, Jenny 2018).
        const double a1 = 1.340264,
            a2 = -0.081106,
            a3 = 0.000893,
            a4 = 0.003796,
            widest = 2.7066299836,
            highest = 1.3173627591574133;
        var t = Math.Asin(Math.Sqrt(3) / 2 * Math.Sin(latitude * Math.PI / 180));
        var (t2, t6) = (t * t, Math.Pow(t, 6));
        const double scale = Width / (2 * widest);
        var x =
            2 * Math.Sqrt(3) * (longitude * Math.PI / 180) * Math.Cos(t) / (3 * ((9 * a4 * t6 * t2) + (7 * a3 * t6) + (3 * a2 * t2) + a1));
        var y = t * ((a4 * t6 * t2) + (a3 * t6) + (a2 * t2) + a1);
        return ((Width / 2) + (scale * x), scale * (highest - y));
    }

    /// <summary>Draws it.</summary>
    public void Write(HtmlText html)
    {
        taken.Clear();
        var places = regions
            .Where(region => region.Place is not null)
            .ToDictionary(region => region.Name, region => Project(region.Place!.Value.Latitude, region.Place.Value.Longitude));
        dots = [.. places.Values];
        foreach (var (x, y) in dots)
            taken.Add(new Box(x - 26, y - 26, 52, 52));
        html.Add(
            $"<div class=\"map\"><svg viewBox=\"0 0 {Width:0} {Height:0}\" role=\"img\" aria-labelledby=\"map-title map-text\"><title id=\"map-title\">World map of the regions</title><desc id=\"map-text\">{Description()}</desc><path class=\"land\" d=\"{Assets.World}\"/>"
        );
        var drawn = links.Where(link => places.ContainsKey(link.First) && places.ContainsKey(link.Second)).ToList();
        var isCrowded = drawn.Count > MostLabels;
        foreach (var link in drawn.OrderBy(link => link.Tone.Length))
        {
            var arc = new Arc(places[link.First], places[link.Second]);
            html.Add($"<path class=\"arc {link.Tone} {(isCrowded && link.Tone.Length == 0 ? "thin" : "")}\" d=\"{arc.Path}\"/>");
        }

        foreach (var region in regions.Where(region => places.ContainsKey(region.Name)))
            WriteRegion(html, region, places[region.Name], places.Values.Average(place => place.X));
        if (!isCrowded)
        {
            foreach (var link in drawn)
                WriteLatency(html, link, new Arc(places[link.First], places[link.Second]));
        }

        html.Add($"</svg></div>");
    }

    private string Description() =>
        string.Join(
            "; ",
            regions
                .Where(region => region.Place is not null)
                .Select(region => $"{region.Name}: {ReportWords.Count(region.Nodes.Count, "node", "nodes")}, ready: {region.Ready}")
        ) + ". The tables below have the same in words.";

    private void WriteRegion(HtmlText html, RegionView region, (double X, double Y) at, double middle)
    {
        var radius = 13 + (3 * Math.Sqrt(region.Nodes.Count));
        html.Add(
            $"<circle class=\"halo {region.Tone}\" cx=\"{at.X:0.#}\" cy=\"{at.Y:0.#}\" r=\"{radius * 2:0.#}\"/><circle class=\"dot {region.Tone}\" cx=\"{at.X:0.#}\" cy=\"{at.Y:0.#}\" r=\"{radius:0.#}\"/>"
        );
        var count =
            ReportWords.Count(region.Nodes.Count, "node", "nodes")
            + (region.ReadyCount < region.Nodes.Count ? $", {region.ReadyCount} ready" : "");
        var width = Math.Max(region.Name.Length, count.Length * 0.85) * NameSize * CharacterWidth;
        const double height = 66;
        var gap = radius + 12;
        Box right = new(at.X + gap, at.Y - (height / 2), width, height),
            left = new(at.X - gap - width, at.Y - (height / 2), width, height);
        // Away from the others, whose lines come from the other side.
        Box[] choices =
        [
            .. at.X < middle ? [left, right] : new[] { right, left },
            new(at.X - (width / 2), at.Y - gap - height, width, height),
            new(at.X - (width / 2), at.Y + gap, width, height),
            new(at.X + (gap * 0.6), at.Y - gap - height, width, height),
            new(at.X - (gap * 0.6) - width, at.Y - gap - height, width, height),
            new(at.X + (gap * 0.6), at.Y + gap, width, height),
            new(at.X - (gap * 0.6) - width, at.Y + gap, width, height),
        ];
        var free = choices.Where(choice => choice.IsInside && !taken.Any(choice.Overlaps)).ToList();
        // A name that stands between two dots could be either's.
        if ((free.FirstOrDefault(choice => !dots.Any(dot => dot != at && choice.IsNear(dot))) ?? free.FirstOrDefault()) is { } box)
        {
            taken.Add(box);
            html.Add(
                $"<text class=\"name\" x=\"{box.X:0.#}\" y=\"{box.Y + 30:0.#}\">{region.Name}</text><text class=\"count\" x=\"{box.X:0.#}\" y=\"{box.Y + 59:0.#}\">{count}</text>"
            );
        }

        html.Add($"<text class=\"number\" x=\"{at.X:0.#}\" y=\"{at.Y - radius - 14:0.#}\">{region.Number}</text>");
    }

    private void WriteLatency(HtmlText html, RegionLink link, Arc arc)
    {
        var text =
            link.Latency is { } latency ? $"{ReportWords.Milliseconds(latency)} ms"
            : link.Result == FindingResult.NotTested ? "not tested"
            : "no answer";
        var (width, height) = ((text.Length * 25 * 0.56) + 22, 38d);
        foreach (
            var (part, shift) in new[]
            {
                (0.5, 0),
                (0.42, 0),
                (0.58, 0),
                (0.34, 0),
                (0.66, 0),
                (0.5, -30),
                (0.5, 30),
                (0.26, 0),
                (0.74, 0),
                (0.5, 60),
            }
        )
        {
            var (x, y) = arc.At(part);
            y += shift;
            var box = new Box(x - (width / 2), y - (height / 2), width, height);
            if (!box.IsInside || taken.Any(box.Overlaps))
                continue;
            taken.Add(box);
            html.Add(
                $"<g class=\"ms\"><rect x=\"{box.X:0.#}\" y=\"{box.Y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" rx=\"19\"/><text x=\"{x:0.#}\" y=\"{y + 9:0.#}\">{text}</text></g>"
            );
            return;
        }
    }

    /// <summary>A curve between two places that bends towards the pole.</summary>
    private readonly record struct Arc((double X, double Y) From, (double X, double Y) To)
    {
        private (double X, double Y) Bend
        {
            get
            {
                var distance = Math.Sqrt(Math.Pow(To.X - From.X, 2) + Math.Pow(To.Y - From.Y, 2));
                return ((From.X + To.X) / 2, Math.Max(10, ((From.Y + To.Y) / 2) - (distance * 0.24)));
            }
        }

        public Markup Path => Markup.Of($"M{From.X:0.#} {From.Y:0.#}Q{Bend.X:0.#} {Bend.Y:0.#} {To.X:0.#} {To.Y:0.#}");

        public (double X, double Y) At(double part)
        {
            var (a, b, c) = ((1 - part) * (1 - part), 2 * part * (1 - part), part * part);
            return ((a * From.X) + (b * Bend.X) + (c * To.X), (a * From.Y) + (b * Bend.Y) + (c * To.Y));
        }
    }

    /// <summary>A rectangle that is taken.</summary>
    private sealed record Box(double X, double Y, double Width, double Height)
    {
        public bool IsInside => X >= 6 && Y >= 6 && X + Width <= WorldMap.Width - 6 && Y + Height <= WorldMap.Height - 6;

        public bool IsNear((double X, double Y) dot)
        {
            const double near = 60;
            return dot.X > X - near && dot.X < X + Width + near && dot.Y > Y - near && dot.Y < Y + Height + near;
        }

        public bool Overlaps(Box other) =>
            X < other.X + other.Width && other.X < X + Width && Y < other.Y + other.Height && other.Y < Y + Height;
    }
}
