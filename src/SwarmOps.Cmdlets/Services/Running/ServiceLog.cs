using System.Globalization;
using System.Text;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Services.Running;

/// <summary>Reads the log of tasks, which the managers collect from the nodes.</summary>
internal static class ServiceLog
{
    /// <summary>How long collecting the last lines may take; a node that is down never responds.</summary>
    private static readonly TimeSpan TailLimit = TimeSpan.FromSeconds(10);

    /// <summary>The longest line of a terminal, in characters.</summary>
    private const int LongestLine = 64 * 1024;

    /// <summary>The last lines of a service or task.</summary>
    /// <param name="swarm">The swarm.</param>
    /// <param name="path">Its path in the API, such as <c>/tasks/id</c>.</param>
    /// <param name="count">How many lines of each task.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyList<LogLine>> TailAsync(SwarmSession swarm, string path, int count)
    {
        var lines = new List<LogLine>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(swarm.Context.CancellationToken);
        limit.CancelAfter(TailLimit);
        try
        {
            await ReadAsync(swarm, path, $"tail={count}", Take, limit.Token, EngineStreamKind.Moving).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!swarm.Context.CancellationToken.IsCancellationRequested)
        {
            // The lines received so far are better than none.
        }

        return lines;

        ValueTask Take(LogLine line)
        {
            lines.Add(line);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Reads a log to its end; with <c>follow</c> without end.</summary>
    /// <param name="swarm">The swarm.</param>
    /// <param name="path">Path in the API.</param>
    /// <param name="query">Which part: <c>tail=</c>, <c>since=</c>, <c>follow=true</c>.</param>
    /// <param name="take">Processes each line; the engine waits until it is done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="kind">How it is read: the last lines at once, or at the consumer's pace.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static Task ReadAsync(
        SwarmSession swarm,
        string path,
        string query,
        Func<LogLine, ValueTask> take,
        CancellationToken cancellationToken,
        EngineStreamKind kind = EngineStreamKind.Quiet
    ) =>
        swarm.Manager.AskJsonAsync(
            async api =>
            {
                using var response = await api.OpenAsync(
                        $"{path}/logs?stdout=true&stderr=true&timestamps=true&details=true&{query}",
                        cancellationToken,
                        kind: kind
                    )
                    .ConfigureAwait(false);
                using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                await ReadAsync(stream, take, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    /// <summary>Splits the stream into its frames; a service with a terminal has none, and everything is standard output.</summary>
    internal static async Task ReadAsync(Stream stream, Func<LogLine, ValueTask> take, CancellationToken cancellationToken)
    {
        await foreach (var (number, piece) in MultiplexedStream.ReadAsync(stream, cancellationToken).ConfigureAwait(false))
        {
            if (number == 0)
            {
                await ReadPlainAsync(piece, stream, take, cancellationToken).ConfigureAwait(false);
                return;
            }

            foreach (var line in Encoding.UTF8.GetString(piece).TrimEnd('\n').Split('\n'))
                await take(Parse(line, number == 2 ? "stderr" : "stdout")).ConfigureAwait(false);
        }
    }

    /// <summary>A line: time, details, message.</summary>
    internal static LogLine Parse(string line, string stream)
    {
        var parts = line.TrimEnd('\r').Split(' ', 3);
        if (
            parts.Length < 2
            || !DateTimeOffset.TryParse(parts[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        )
            return new LogLine(default, "", "", stream, line);
        var details = parts[1]
            .Split(',')
            .Select(detail => detail.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0])
            .ToDictionary(pairs => pairs.Key, pairs => Uri.UnescapeDataString(pairs.First()[1]));
        return new LogLine(
            time.UtcDateTime,
            details.GetValueOrDefault("com.docker.swarm.node.id", ""),
            details.GetValueOrDefault("com.docker.swarm.task.id", ""),
            stream,
            parts.Length > 2 ? parts[2] : ""
        );
    }

    /// <summary>Lines of a terminal. An endless line is cut, as it would be held in memory.</summary>
    private static async Task ReadPlainAsync(
        byte[] start,
        Stream stream,
        Func<LogLine, ValueTask> take,
        CancellationToken cancellationToken
    )
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var line = new StringBuilder(Encoding.UTF8.GetString(start));
        var buffer = new char[8192];
        int count;
        while ((count = await reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            line.Append(buffer, 0, count);
            foreach (var whole in TakeLines(line))
                await take(Parse(whole, "stdout")).ConfigureAwait(false);
        }

        if (line.Length > 0)
            await take(Parse(line.ToString(), "stdout")).ConfigureAwait(false);
    }

    private static List<string> TakeLines(StringBuilder text)
    {
        var lines = text.ToString().Split('\n');
        text.Clear();
        if (lines[^1].Length <= LongestLine)
            text.Append(lines[^1]);
        return [.. text.Length > 0 || lines[^1].Length == 0 ? lines[..^1] : lines];
    }
}
