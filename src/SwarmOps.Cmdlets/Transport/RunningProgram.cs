using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Docker.DotNet;

namespace SwarmOps.Transport;

/// <summary>A program in a container, from its creation to its exit code. The engine has no call that ends one: that is done on its host.</summary>
internal sealed class RunningProgram
{
    /// <summary>The keys by which the engine would let go of a terminal. They cannot be switched off, and its own, Ctrl+P Ctrl+Q, would swallow the shell's Ctrl+P.</summary>
    private static readonly string NoDetachKeys = string.Join(',', Enumerable.Repeat("ctrl-@", 8));

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly INodeConnection connection;
    private readonly string containerId;
    private readonly string path;

    private RunningProgram(INodeConnection connection, string containerId, string id) =>
        (this.connection, this.containerId, path) = (connection, containerId, $"/exec/{id}");

    /// <summary>Creates it; it does not run before its output is opened.</summary>
    /// <param name="connection">The node.</param>
    /// <param name="containerId">The container.</param>
    /// <param name="program">The program.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when the container does not exist or does not run.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<RunningProgram?> CreateAsync(
        INodeConnection connection,
        string containerId,
        ContainerProgram program,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var made = await connection
                .AskJsonAsync(api => api.PostAsync($"/containers/{containerId}/exec", Body(program), cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            return new RunningProgram(connection, containerId, (string?)made?["Id"] ?? "");
        }
        catch (SwarmOpsException error)
            when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Conflict })
        {
            return null;
        }
    }

    /// <summary>Starts it and reads what it writes, to its end.</summary>
    /// <param name="take">Takes each piece and the number of its stream, 2 for standard error; the program waits while it works.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task ReadAsync(Func<int, ReadOnlyMemory<byte>, ValueTask> take, CancellationToken cancellationToken) =>
        connection.AskJsonAsync(
            async api =>
            {
                using var response = await api.OpenAsync($"{path}/start", cancellationToken, Start(false), kind: EngineStreamKind.Quiet)
                    .ConfigureAwait(false);
                using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                await foreach (var (number, piece) in MultiplexedStream.ReadAsync(stream, cancellationToken).ConfigureAwait(false))
                    await take(number, piece).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    /// <summary>Starts it with a terminal: what is written to the stream is typed there, and what is read is on its screen.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task<Stream> OpenTerminalAsync(CancellationToken cancellationToken) =>
        connection.AskJsonAsync(api => api.TakeOverAsync($"{path}/start", Start(true), cancellationToken), cancellationToken);

    /// <summary>Sets the size of its terminal.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task ResizeAsync(int width, int height, CancellationToken cancellationToken) =>
        connection.AskJsonAsync(
            api =>
                api.PostAsync(
                    string.Create(CultureInfo.InvariantCulture, $"{path}/resize?h={height}&w={width}"),
                    new JsonObject(),
                    cancellationToken
                ),
            cancellationToken
        );

    /// <summary>Waits until it has ended. Its output may end before: a program can close it and go on.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors, also when the engine no longer has it.</exception>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var state = await StateAsync(cancellationToken).ConfigureAwait(false);
            if ((bool?)state["Running"] is false && (int?)state["ExitCode"] is { } code)
                return code;
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends it and the programs that it started, on its host: first by SIGTERM, after two seconds by SIGKILL.</summary>
    /// <returns>Whether it has ended; false also when that cannot be seen.</returns>
    public async Task<bool> EndAsync()
    {
        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            var state = await StateAsync(limit.Token).ConfigureAwait(false);
            if ((bool?)state["Running"] is false)
                return true;
            if ((int?)state["Pid"] is not { } pid || pid <= 0)
                return false;
            var ended = await connection
                .RunAsync(new NodeCommand(EndScript(pid)) { AsRoot = true, Timeout = EndLimit }, limit.Token)
                .ConfigureAwait(false);
            return ended.Succeeded;
        }
        catch (Exception exception) when (exception is SwarmOpsException or OperationCanceledException)
        {
            return false;
        }
    }

    private Task<JsonNode> StateAsync(CancellationToken cancellationToken) =>
        connection.AskJsonAsync(api => api.GetAsync($"{path}/json", cancellationToken), cancellationToken);

    /// <summary>A number may belong to another process by now: only one in this container is ended.</summary>
    private string EndScript(int pid) =>
        $$"""
            family() { echo "$1"; for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do family "$child"; done; }
            [ -d /proc/{{pid}} ] || exit 0
            grep -q {{containerId}} /proc/{{pid}}/cgroup || exit 3
            all=$(family {{pid}})
            kill -TERM $all 2>/dev/null
            for wait in 1 2 3 4 5 6 7 8 9 10; do
                left=
                for one in $all; do if grep -qs {{containerId}} "/proc/$one/cgroup"; then left="$left $one"; fi; done
                [ -n "$left" ] || exit 0
                sleep 0.2
            done
            kill -KILL $left 2>/dev/null
            exit 0
            """.ReplaceLineEndings("\n");

    private static JsonObject Start(bool hasTerminal) => new() { ["Detach"] = false, ["Tty"] = hasTerminal };

    private static JsonObject Body(ContainerProgram program)
    {
        var body = new JsonObject
        {
            ["AttachStdin"] = program.HasTerminal,
            ["AttachStdout"] = true,
            ["AttachStderr"] = true,
            ["Tty"] = program.HasTerminal,
            ["Cmd"] = Texts(program.Command),
            ["Env"] = Texts(program.Environment.Select(variable => $"{variable.Key}={variable.Value}")),
        };
        if (program.HasTerminal)
            body["DetachKeys"] = NoDetachKeys;
        if (program.User is not null)
            body["User"] = program.User;
        if (program.Directory is not null)
            body["WorkingDir"] = program.Directory;
        return body;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
