using System.Text.RegularExpressions;

namespace SwarmOps.Transport;

/// <summary>What is being asked of a node, in the words of its errors; and how long the node may be silent about it.</summary>
internal static partial class EngineCall
{
    /// <summary>How long an engine may be silent in a call; joins take 20 s by design.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    /// <summary>How long a stream that ought to move may stand still: a pull between two layers, a program between two lines.</summary>
    public static readonly TimeSpan StreamPatience = TimeSpan.FromMinutes(3);

    /// <summary>A stage with a short time limit still leaves an engine the time that a join takes.</summary>
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(30);

    private static readonly AsyncLocal<TimeSpan?> Ambient = new();

    private static readonly HttpRequestOptionsKey<EngineStreamKind> Kind = new("SwarmOps.Stream");

    /// <summary>The time limit of the stage that the current work belongs to; null when it has none. No single call of it may be silent for longer.</summary>
    public static TimeSpan? StageLimit
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Says how the answer to a request is read.</summary>
    public static void SetKind(HttpRequestMessage request, EngineStreamKind kind) => request.Options.Set(Kind, kind);

    /// <summary>How the answer to a request is read.</summary>
    public static EngineStreamKind KindOf(HttpRequestMessage request) => request.Options.TryGetValue(Kind, out var kind) ? kind : EngineStreamKind.None;

    /// <summary>How long the node may be silent about a request.</summary>
    public static TimeSpan PatienceOf(EngineStreamKind kind)
    {
        var usual = kind == EngineStreamKind.Moving ? StreamPatience : Patience;
        return StageLimit is { } limit && limit < usual ? (limit > LeastPatience ? limit : LeastPatience) : usual;
    }

    /// <summary>A request in words: method and path, without the query, which may quote values.</summary>
    public static string Describe(HttpRequestMessage request) => $"{request.Method} {VersionPrefix().Replace(request.RequestUri?.AbsolutePath ?? "", "")}";

    /// <summary>Notes on a failure in which call it came.</summary>
    public static void Note(Exception exception, string call) => exception.Data[nameof(EngineCall)] = call;

    /// <summary>In which call a failure came; null when that is not known.</summary>
    public static string? Of(Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner.Data[nameof(EngineCall)] is string call)
                return call;
        }

        return null;
    }

    [GeneratedRegex("^/v[0-9.]+(?=/)")]
    private static partial Regex VersionPrefix();
}
