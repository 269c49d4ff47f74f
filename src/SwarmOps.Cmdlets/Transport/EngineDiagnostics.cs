using System.Diagnostics;

namespace SwarmOps.Transport;

/// <summary>An activity for each remote call, so that traces, counters and fault tests can observe them.</summary>
internal static class EngineDiagnostics
{
    /// <summary>Name of the activity source.</summary>
    public const string SourceName = "SwarmOps.Transport";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the activity of an engine call; null when there is no listener.</summary>
    public static Activity? StartCall(string node, HttpMethod method, string path) =>
        Source.StartActivity(
            ActivityKind.Client,
            tags: [new("node", node), new("http.request.method", method.Method), new("url.path", path)],
            name: "engine"
        );

    /// <summary>Starts the activity of a command; null when there is no listener.</summary>
    public static Activity? StartCommand(string node) =>
        Source.StartActivity(ActivityKind.Client, tags: [new("node", node)], name: "command");
}
