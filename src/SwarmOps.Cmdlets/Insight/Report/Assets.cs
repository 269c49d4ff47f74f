using System.Reflection;

namespace SwarmOps.Insight.Report;

/// <summary>The files that become part of every report.</summary>
internal static class Assets
{
    private static readonly Lazy<string> style = new(() => Read("report.css")),
        script = new(() => Read("report.js")),
        world = new(() => Read("world.svgpath"));

    /// <summary>The style sheet.</summary>
    public static Markup Style => new(style.Value);

    /// <summary>The script that sorts tables.</summary>
    public static Markup Script => new(script.Value);

    /// <summary>The outline of the land: Natural Earth, public domain.</summary>
    public static Markup World => new(world.Value.Trim());

    private static string Read(string name)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource '{name}' is missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
