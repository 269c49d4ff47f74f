using System.Text.Json.Nodes;

namespace SwarmOps.Transport;

/// <summary>Runs a program inside a container, through the engine's API.</summary>
internal static class ContainerExec
{
    /// <summary>The engine registers the end of a program a moment after its last output.</summary>
    private const int MostLooks = 50;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs a bash script and returns its standard output.</summary>
    /// <param name="connection">The node.</param>
    /// <param name="containerId">The container.</param>
    /// <param name="script">The script; part of the command line, so it must not contain secrets.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="environment">Further environment variables; secrets belong here.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static Task<string> BashAsync(
        INodeConnection connection,
        string containerId,
        string script,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? environment = null
    ) => RunAsync(connection, containerId, ["bash", "-c", script], cancellationToken, environment);

    /// <summary>Runs a program and returns its standard output.</summary>
    /// <param name="connection">The node.</param>
    /// <param name="containerId">The container.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="environment">Further environment variables; secrets belong here.</param>
    /// <param name="lastLine">The line that only a complete output ends with: then the engine is not asked whether the program has ended. Null for none.</param>
    /// <exception cref="SwarmOpsException">The transport's errors; <c>ConnectionLost</c> when the output ended before the program did.</exception>
    public static async Task<string> RunAsync(
        INodeConnection connection,
        string containerId,
        IReadOnlyList<string> command,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? environment = null,
        string? lastLine = null
    )
    {
        var body = Program(command, isAttached: true, environment);
        return await connection
            .AskJsonAsync(
                async api =>
                {
                    var made = await api.PostAsync($"/containers/{containerId}/exec", body, cancellationToken).ConfigureAwait(false);
                    var exec = $"/exec/{(string?)made?["Id"]}";
                    var start = new JsonObject { ["Detach"] = false, ["Tty"] = false };
                    using var response = await api.OpenAsync($"{exec}/start", cancellationToken, start).ConfigureAwait(false);
                    using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                    var said = await ReadAsync(stream, cancellationToken).ConfigureAwait(false);
                    if (lastLine is null || !said.EndsWith($"\n{lastLine}\n", StringComparison.Ordinal))
                        await RefuseUnlessOverAsync(api, exec, cancellationToken).ConfigureAwait(false);
                    return said;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>Starts a bash script that goes on by itself, also when the connection ends.</summary>
    /// <param name="connection">The node.</param>
    /// <param name="containerId">The container.</param>
    /// <param name="script">The script; part of the command line, so it must not contain secrets.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="environment">Further environment variables; secrets belong here.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static Task StartBashAsync(
        INodeConnection connection,
        string containerId,
        string script,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? environment = null
    ) =>
        connection.AskJsonAsync(
            async api =>
            {
                var body = Program(["bash", "-c", script], isAttached: false, environment);
                var made = await api.PostAsync($"/containers/{containerId}/exec", body, cancellationToken).ConfigureAwait(false);
                var start = new JsonObject { ["Detach"] = true, ["Tty"] = false };
                await api.PostAsync($"/exec/{(string?)made?["Id"]}/start", start, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    private static JsonObject Program(IReadOnlyList<string> command, bool isAttached, IReadOnlyDictionary<string, string>? environment)
    {
        var body = new JsonObject
        {
            ["AttachStdout"] = isAttached,
            ["AttachStderr"] = isAttached,
            ["Cmd"] = new JsonArray([.. command.Select(word => (JsonNode)word)]),
        };
        if (environment is not null)
            body["Env"] = new JsonArray([.. environment.Select(variable => (JsonNode)$"{variable.Key}={variable.Value}")]);
        return body;
    }

    /// <summary>The output has no length: it may have ended with its connection, and a partial report must not be used.</summary>
    private static async Task RefuseUnlessOverAsync(EngineApi api, string exec, CancellationToken cancellationToken)
    {
        for (
            var look = 1;
            (bool?)(await api.GetAsync($"{exec}/json", cancellationToken).ConfigureAwait(false))?["Running"] is not false;
            look++
        )
        {
            if (look == MostLooks)
                throw new IOException("The output of a program in a container ended while the program is still running.");
            await Task.Delay(LookInterval, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The standard output of a multiplexed stream.</summary>
    internal static Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken) =>
        MultiplexedStream.ReadTextAsync(stream, outputOnly: true, cancellationToken);
}
