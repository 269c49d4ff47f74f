using System.Text;

namespace SwarmOps.Services.Tasks;

/// <summary>What a command in a task writes: kept as a whole, or passed on line by line.</summary>
/// <param name="task">The task.</param>
/// <param name="pass">Takes each line; null keeps all.</param>
internal sealed class TaskOutput(SwarmTask task, Func<SwarmLogEntry, ValueTask>? pass) : IDisposable
{
    /// <summary>The most that is kept of one command.</summary>
    public const int MostMegabytes = 16;

    /// <summary>The longest line that is passed on whole, in bytes.</summary>
    private const int LongestLine = 64 * 1024;

    /// <summary>How the engine's runtime says that there is no such program, in the place of its output (moby, <c>ContainerExecStart</c>).</summary>
    private static readonly string[] NotStarted = ["OCI runtime exec failed", "exec failed"];

    private readonly MemoryStream output = new();
    private readonly MemoryStream error = new();
    private SwarmLogEntry? heldBack;
    private bool anyPassed;

    /// <summary>What was written to standard output, without the last line end.</summary>
    public string Output => Text(output);

    /// <summary>What was written to standard error, without the last line end.</summary>
    public string ErrorOutput => Text(error);

    /// <summary>Takes a piece.</summary>
    /// <param name="stream">Its stream, 2 for standard error.</param>
    /// <param name="piece">The piece.</param>
    /// <exception cref="OutputLimitException">More was written than is kept.</exception>
    public async ValueTask TakeAsync(int stream, ReadOnlyMemory<byte> piece)
    {
        var kept = stream == 2 ? error : output;
        await kept.WriteAsync(piece).ConfigureAwait(false);
        if (pass is not null)
            await PassAsync(kept, stream, isLast: false).ConfigureAwait(false);
        else if (output.Length + error.Length > MostMegabytes * 1024L * 1024)
            throw new OutputLimitException();
    }

    /// <summary>Ends the output.</summary>
    /// <param name="exitCode">The command's exit code.</param>
    /// <param name="program">The program, for messages.</param>
    /// <exception cref="SwarmOpsException"><c>TaskProgramNotFound</c>.</exception>
    public async Task CompleteAsync(int exitCode, string program)
    {
        // A shell uses 126 and 127 too, for what it was asked to run: then the words are the shell's.
        if (exitCode is 126 or 127 && new[] { heldBack?.Message ?? "", Output, ErrorOutput }.FirstOrDefault(IsRuntimes) is { } words)
            throw TaskErrors.TaskProgramNotFound(task, program, words);
        if (pass is null)
            return;
        await PassHeldAsync().ConfigureAwait(false);
        await PassAsync(output, 1, isLast: true).ConfigureAwait(false);
        await PassAsync(error, 2, isLast: true).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    private async ValueTask PassAsync(MemoryStream kept, int stream, bool isLast)
    {
        var (bytes, begin) = (kept.ToArray(), 0);
        for (int end; (end = Array.IndexOf(bytes, (byte)'\n', begin)) >= 0; begin = end + 1)
            await PassAsync(bytes.AsMemory(begin, end - begin), stream).ConfigureAwait(false);
        // An endless line is cut, as it would be held in memory.
        if (begin < bytes.Length && (isLast || bytes.Length - begin > LongestLine))
        {
            await PassAsync(bytes.AsMemory(begin), stream).ConfigureAwait(false);
            begin = bytes.Length;
        }

        kept.SetLength(0);
        kept.Write(bytes, begin, bytes.Length - begin);
    }

    private async ValueTask PassAsync(ReadOnlyMemory<byte> line, int stream)
    {
        var entry = new SwarmLogEntry
        {
            Time = DateTime.UtcNow,
            Node = task.Node,
            Region = task.Region,
            Task = task.Name,
            TaskId = task.Id,
            Stream = stream == 2 ? "stderr" : "stdout",
            Message = Encoding.UTF8.GetString(line.Span).TrimEnd('\r'),
        };
        var isFirst = !anyPassed;
        anyPassed = true;
        await PassHeldAsync().ConfigureAwait(false);
        // The exit code tells whether it is the runtime's.
        if (isFirst && IsRuntimes(entry.Message))
            heldBack = entry;
        else
            await pass!(entry).ConfigureAwait(false);
    }

    private async ValueTask PassHeldAsync()
    {
        if (heldBack is { } entry)
            await pass!(entry).ConfigureAwait(false);
        heldBack = null;
    }

    private static bool IsRuntimes(string text) => NotStarted.Any(start => text.StartsWith(start, StringComparison.Ordinal));

    private static string Text(MemoryStream kept)
    {
        var text = Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2]
            : text.EndsWith('\n') ? text[..^1]
            : text;
    }
}
