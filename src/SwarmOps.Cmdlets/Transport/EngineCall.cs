using System.Text.RegularExpressions;

namespace SwarmOps.Transport;

/// <summary>Describes an API call for error messages, and decides how long a node may take to answer it.</summary>
internal static partial class EngineCall
{
    /// <summary>How long an engine may take to answer; joins take 20 s by design.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    /// <summary>How long a stream may pause: a pull between two layers, a program between two lines.</summary>
    public static readonly TimeSpan StreamPatience = TimeSpan.FromMinutes(3);

    /// <summary>How long a transfer may take where the cmdlet has no time limit. A host that is gone is noticed by its connection.</summary>
    private static readonly TimeSpan LongestTransfer = TimeSpan.FromHours(12);

    /// <summary>Even with a short cmdlet time limit, an engine gets the time that a join takes.</summary>
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(30);

    private static readonly AsyncLocal<TimeSpan?> Ambient = new();

    private static readonly HttpRequestOptionsKey<EngineStreamKind> Kind = new("SwarmOps.Stream");

    /// <summary>The time limit of the cmdlet that the current work belongs to; null when it has none. No single call may take longer.</summary>
    public static TimeSpan? StageLimit
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Sets how the answer to a request is read.</summary>
    public static void SetKind(HttpRequestMessage request, EngineStreamKind kind) => request.Options.Set(Kind, kind);

    /// <summary>How the answer to a request is read.</summary>
    public static EngineStreamKind KindOf(HttpRequestMessage request) =>
        request.Options.TryGetValue(Kind, out var kind) ? kind : EngineStreamKind.None;

    /// <summary>How long the node may take to answer a request.</summary>
    public static TimeSpan PatienceOf(EngineStreamKind kind)
    {
        if (kind == EngineStreamKind.Bulk)
            return StageLimit is { } whole && whole > LeastPatience ? whole : LongestTransfer;
        var usual = kind == EngineStreamKind.Moving ? StreamPatience : Patience;
        return StageLimit is { } limit && limit < usual ? (limit > LeastPatience ? limit : LeastPatience) : usual;
    }

    /// <summary>A request for messages: method and path, without the query, which may contain values.</summary>
    public static string Describe(HttpRequestMessage request) =>
        $"{request.Method} {VersionPrefix().Replace(request.RequestUri?.AbsolutePath ?? "", "")}";

    /// <summary>Records in an exception which call failed.</summary>
    public static void Note(Exception exception, string call) => exception.Data[nameof(EngineCall)] = call;

    /// <summary>The call that failed; null when not known.</summary>
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
