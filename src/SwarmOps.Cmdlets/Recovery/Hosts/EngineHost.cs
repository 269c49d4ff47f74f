using System.Globalization;
using System.Security.Cryptography;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Recovery.Hosts;

/// <summary>The host of an engine: work on its swarm directory while the engine is held, and files to and from it.</summary>
/// <param name="context">The cmdlet's context.</param>
/// <param name="node">The engine.</param>
internal sealed class EngineHost(IOperationContext context, NodeObservation node)
{
    /// <summary>How much goes through one command: its base64 is in memory, on this machine and in its transport.</summary>
    private const int ChunkSize = 3 * 1024 * 1024;

    /// <summary>The script's exit code where the host lacks what it needs.</summary>
    private const int NotAble = 69;

    private const int Busy = 75;

    /// <summary>After this time the host starts, or continues, its engine by itself.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(5);

    /// <summary>Shorter: an engine that says nothing for 10 s is taken for dead by the other managers (moby, ElectionTick).</summary>
    private static readonly TimeSpan FreezeLimit = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan CleaningLimit = TimeSpan.FromSeconds(20);

    /// <summary>A start waits for the swarm, too.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private readonly string id = $"{DateTime.UtcNow:yyyyMMddHHmmss}-{Convert.ToHexString(RandomNumberGenerator.GetBytes(4))}";

    /// <summary>The node.</summary>
    public SwarmNode Node => node.Node;

    /// <summary>The engine's data directory.</summary>
    public string Root { get; } = node.Info.DockerRootDir is { Length: > 0 } root ? root : "/var/lib/docker";

    /// <summary>The work directory on the host, beside the swarm's, and readable by root only.</summary>
    public string Folder => $"{Root}/swarmops-recovery/{id}";

    /// <summary>Whether commands can be run on a node's host.</summary>
    public static bool CanRun(SwarmNode node) =>
        node.DockerHost?.StartsWith("ssh:", StringComparison.OrdinalIgnoreCase) is true
        || node.DockerHost?.StartsWith("unix:", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>
    /// Runs a step while the engine is held, and returns when the engine is active again. The host does all of it by itself: when this process ends, or the connection is lost,
    /// the step ends and the engine comes back all the same.
    /// </summary>
    /// <param name="method">How the engine is held.</param>
    /// <param name="step">The step.</param>
    /// <param name="what">What it does, for errors.</param>
    /// <returns>How long the engine was held.</returns>
    /// <exception cref="SwarmOpsException"><c>EngineCannotBeHeld</c>, <c>EngineWorkFailed</c>, <c>EngineStayedStopped</c>, the transport's errors.</exception>
    public async Task<TimeSpan> HoldAsync(SwarmBackupMethod method, string step, string what)
    {
        var limit = method == SwarmBackupMethod.Freeze ? FreezeLimit : StopLimit;
        var script = $"""
            root={ShellCommand.Quote(Root)}
            id={id}
            kind={(method == SwarmBackupMethod.Freeze ? "freeze" : "stop")}
            limit={(int)limit.TotalSeconds}
            only={ShellCommand.Quote(Only)}
            step={ShellCommand.Quote(step)}
            {EmbeddedScripts.EngineJob}
            """;
        var begun = await RunAsync(script, null).ConfigureAwait(false);
        if (begun.ExitCode is NotAble or Busy)
            throw RecoveryErrors.EngineCannotBeHeld(Node, begun.Error.Trim());
        if (!begun.Succeeded)
            throw RecoveryErrors.EngineWorkFailed(Node, what, begun.Error.Trim());
        var status =
            await Polling.UntilAsync(ReadStatusAsync, limit + StartLimit, context.CancellationToken).ConfigureAwait(false)
            ?? throw RecoveryErrors.EngineWorkFailed(
                Node,
                what,
                $"the host reported no end within {(limit + StartLimit).TotalMinutes:0} minutes"
            );
        await node.Connection.ResetAsync().ConfigureAwait(false);
        var words = status.Split(' ', 2);
        var rest = words.ElementAtOrDefault(1) ?? "";
        return words[0] switch
        {
            "done" => TimeSpan.FromMilliseconds(long.Parse(rest, CultureInfo.InvariantCulture)),
            "stopped" => throw RecoveryErrors.EngineStayedStopped(Node, rest),
            _ => throw RecoveryErrors.EngineWorkFailed(Node, what, rest[..Math.Max(rest.LastIndexOf(' '), 0)]),
        };
    }

    /// <summary>Runs a script as root.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task<CommandResult> RunAsync(string script, string? input, TimeSpan? limit = null) =>
        node.Connection.RunAsync(
            new NodeCommand(script)
            {
                Input = input,
                AsRoot = true,
                Timeout = limit ?? CommandLimit,
            },
            context.CancellationToken
        );

    /// <summary>Runs a script that must succeed, and returns its output.</summary>
    /// <exception cref="SwarmOpsException"><c>EngineWorkFailed</c>, the transport's errors.</exception>
    public async Task<string> RequireAsync(string script, string? input, string what)
    {
        var result = await RunAsync(script, input).ConfigureAwait(false);
        return result.Succeeded ? result.Output : throw RecoveryErrors.EngineWorkFailed(Node, what, result.Error.Trim());
    }

    /// <summary>Reads a file of the host into memory.</summary>
    /// <exception cref="SwarmOpsException"><c>EngineWorkFailed</c>, the transport's errors.</exception>
    public async Task<MemoryStream> GetAsync(string path, long length, string sha256)
    {
        var content = new MemoryStream((int)length);
        for (long read = 0; read < length; read += ChunkSize)
        {
            var chunk = await RequireAsync(
                    $"tail -c +{read + 1} -- {ShellCommand.Quote(path)} | head -c {ChunkSize} | base64 -w 0",
                    null,
                    "reading the copy"
                )
                .ConfigureAwait(false);
            content.Write(Convert.FromBase64String(chunk.Trim()));
            Tell("Reading the copied state", content.Length, length);
        }

        content.Position = 0;
        var found = Hex(await SHA256.HashDataAsync(content, context.CancellationToken).ConfigureAwait(false));
        content.Position = 0;
        return content.Length == length && found == sha256
            ? content
            : throw RecoveryErrors.EngineWorkFailed(Node, "reading the copy", "its content arrived damaged");
    }

    /// <summary>Writes a file into the work directory.</summary>
    /// <exception cref="SwarmOpsException"><c>EngineWorkFailed</c>, the transport's errors.</exception>
    public async Task PutAsync(string name, Stream content, string sha256)
    {
        const string what = "writing the state to the host";
        var path = ShellCommand.Quote($"{Folder}/{name}");
        await RequireAsync($"umask 077; mkdir -p {ShellCommand.Quote(Folder)} && : >{path}", null, what).ConfigureAwait(false);
        var buffer = new byte[ChunkSize];
        for (long sent = 0; ; )
        {
            var count = await content
                .ReadAtLeastAsync(buffer, ChunkSize, throwOnEndOfStream: false, context.CancellationToken)
                .ConfigureAwait(false);
            if (count == 0)
                break;
            await RequireAsync($"base64 -d >>{path}", Convert.ToBase64String(buffer, 0, count), what).ConfigureAwait(false);
            sent += count;
            Tell("Writing the state to the host", sent, content.Length);
        }

        await RequireAsync(
                $"[ \"$(sha256sum <{path})\" = '{sha256}  -' ] || {{ echo 'its content arrived damaged' >&2; exit 1; }}",
                null,
                what
            )
            .ConfigureAwait(false);
    }

    /// <summary>Deletes the work directory, also after Ctrl+C. What cannot be deleted now, the next run deletes.</summary>
    public async Task CleanAsync()
    {
        using var hold = context.HoldConnections();
        using var limit = new CancellationTokenSource(CleaningLimit);
        try
        {
            // A job that still runs, after Ctrl+C, ends by itself; the next run deletes what it leaves.
            var command = new NodeCommand($"systemctl is-active --quiet swarmops-job-{id} || rm -rf -- {ShellCommand.Quote(Folder)}")
            {
                AsRoot = true,
                Timeout = CleaningLimit,
            };
            await node.Connection.RunAsync(command, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SwarmOpsException or OperationCanceledException)
        {
            context.WriteVerbose($"{Node.Name}: {Folder} could not be deleted: {exception.Message}");
        }
    }

    /// <summary>A checksum as text.</summary>
    public static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();

    /// <summary>A socket may belong to an engine on another host: only the host name can tell.</summary>
    private string Only => Node.DockerHost?.StartsWith("unix:", StringComparison.OrdinalIgnoreCase) is true ? node.Info.Name ?? "" : "";

    private async Task<string?> ReadStatusAsync()
    {
        try
        {
            var result = await RunAsync($"cat {ShellCommand.Quote(Folder + "/status")} 2>/dev/null; true", null).ConfigureAwait(false);
            return result.Output.Trim() is { Length: > 0 } status ? status : null;
        }
        catch (SwarmOpsException error) when (error.Kind == ErrorKind.Connection)
        {
            // The host goes on without the connection.
            context.WriteVerbose($"{Node.Name}: did not answer: {error.Message}");
            await node.Connection.ResetAsync().ConfigureAwait(false);
            return null;
        }
    }

    private void Tell(string activity, long done, long of) =>
        context.WriteProgress(
            new OperationProgress(
                1,
                activity,
                string.Create(CultureInfo.InvariantCulture, $"{Node.Name}: {done / 1e6:0.0} of {of / 1e6:0.0} MB"),
                (int)(100 * done / Math.Max(1, of)),
                Completed: done >= of
            )
        );
}
