using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Recovery.Databases;

/// <summary>
/// Takes the backup of one node. <c>mariadb-backup</c> streams in the node's own container, through its loopback address, to a container beside it on the same host, which proves that a
/// database comes of it. Only then does it travel to this machine, compressed.
/// </summary>
/// <param name="context">The cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="source">The node.</param>
/// <param name="settings">How.</param>
internal sealed class DatabaseTake(IOperationContext context, SwarmSession swarm, DatabaseSource source, DatabaseSettings settings)
{
    /// <summary>Label of the container beside the node.</summary>
    private const string Label = "swarmops.galera.backup";

    private const string Folder = "/backup";

    /// <summary>Below the ports that kernels give to clients.</summary>
    private const int FirstPort = 20_000,
        LastPort = 30_000;

    /// <summary>How many of the last lines of mariadb-backup are kept for an error.</summary>
    private const int LastLines = 40;

    private const int LogLines = 50;

    /// <summary>Room for logs and for what is written while the backup runs.</summary>
    private const long ReserveKilobytes = 256 * 1024;

    /// <summary>What the database of a node needs at least.</summary>
    private const long LeastKilobytes = 256 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1),
        RemovalLimit = TimeSpan.FromSeconds(20);

    private readonly INodeConnection connection = context.Connection(source.Host);
    private readonly EngineContainers containers = new(context.Connection(source.Host));
    private readonly string run = Convert.ToHexString(RandomNumberGenerator.GetBytes(8)).ToLowerInvariant();
    private readonly int port = RandomNumberGenerator.GetInt32(FirstPort, LastPort);

    private string Name => source.Site.Node;

    /// <summary>Takes it.</summary>
    /// <param name="record">What is known before.</param>
    /// <param name="keep">Takes the record and the stream; called once the trial has succeeded.</param>
    /// <returns>How long the node was desynced.</returns>
    /// <exception cref="SwarmOpsException"><c>DatabaseBackupFailed</c>, <c>DatabaseBackupTimedOut</c>, those of <paramref name="keep"/> and the transport.</exception>
    public async Task<TimeSpan> RunAsync(DatabaseRecord record, Func<DatabaseRecord, Stream, Task> keep)
    {
        // Large databases take longer than a step of the cmdlet may.
        EngineCall.StageLimit = settings.Limit;
        using var held = context.HoldConnections();
        await RemoveLeftAsync().ConfigureAwait(false);
        string? id = null;
        try
        {
            id = await CreateAsync().ConfigureAwait(false);
            await containers.StartAsync(id, context.CancellationToken).ConfigureAwait(false);
            var begun = Stopwatch.GetTimestamp();
            var said = await StreamAsync(id).ConfigureAwait(false);
            var desynced = Stopwatch.GetElapsedTime(begun);
            var result = await ResultAsync(id).ConfigureAwait(false);
            var known = Describe(record, said, result);
            await FetchAsync(id, known, keep).ConfigureAwait(false);
            return desynced;
        }
        finally
        {
            if (id is not null)
                await RemoveAsync(id).ConfigureAwait(false);
            await SettleAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What an interrupted run left. The swarm's lock is held, so none of them is in use.</summary>
    private async Task RemoveLeftAsync()
    {
        var filters = new Dictionary<string, IEnumerable<string>> { ["label"] = [Label] };
        foreach (var left in await containers.ListAsync(filters, all: true, context.CancellationToken).ConfigureAwait(false))
            await RemoveAsync((string?)left["Id"] ?? "").ConfigureAwait(false);
    }

    private async Task<string> CreateAsync()
    {
        var inspected = await containers.InspectAsync(source.Site.ContainerId, context.CancellationToken).ConfigureAwait(false);
        var size = Math.Max(source.Site.State.DataKilobytes ?? 0, LeastKilobytes);
        var body = new JsonObject
        {
            // The image that the node runs, whatever its name means by now.
            ["Image"] = (string?)inspected["Image"],
            ["Entrypoint"] = new JsonArray("bash", "-c", DatabaseScripts.Receive, "swarmops-backup"),
            ["Cmd"] = new JsonArray(),
            ["User"] = "0",
            ["Env"] = new JsonArray(
                $"GALERA_PORT={port}",
                $"GALERA_PREPARE={(settings.SkipTrial ? "" : "yes")}",
                string.Create(CultureInfo.InvariantCulture, $"GALERA_NEED_KB={(settings.SkipTrial ? size : 2 * size) + ReserveKilobytes}"),
                string.Create(CultureInfo.InvariantCulture, $"GALERA_SECONDS={settings.Limit.TotalSeconds:0}")
            ),
            ["Labels"] = new JsonObject { [Label] = source.Cluster },
            ["Volumes"] = new JsonObject { [Folder] = new JsonObject() },
            ["HostConfig"] = new JsonObject
            {
                ["NetworkMode"] = $"container:{source.Site.ContainerId}",
                ["LogConfig"] = new JsonObject { ["Type"] = "json-file" },
                // A quarter of what the database may use where both want the processor.
                ["CpuShares"] = 256,
            },
        };
        return await containers.CreateAsync(body, name: null, context.CancellationToken).ConfigureAwait(false);
    }

    /// <summary>Streams the backup to its end.</summary>
    /// <returns>What the script said.</returns>
    private async Task<IReadOnlyDictionary<string, string>> StreamAsync(string receiver)
    {
        Say("Desyncing the node");
        var variables = settings.Account();
        variables["GALERA_RUN"] = run;
        variables["GALERA_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        variables["GALERA_SECONDS"] = settings.Limit.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        await ContainerExec
            .StartBashAsync(connection, source.Site.ContainerId, DatabaseScripts.Desync, context.CancellationToken, variables)
            .ConfigureAwait(false);
        var program =
            await RunningProgram
                .CreateAsync(
                    connection,
                    source.Site.ContainerId,
                    new ContainerProgram(["bash", "-c", DatabaseScripts.Stream]) { Environment = variables },
                    context.CancellationToken
                )
                .ConfigureAwait(false)
            ?? throw Failed("its container ended");
        var output = new StringBuilder();
        var errors = new Queue<string>();
        var begun = Stopwatch.StartNew();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        limit.CancelAfter(settings.Limit);
        try
        {
            await program
                .ReadAsync(
                    (stream, piece) =>
                    {
                        Take(stream, piece.Span, output, errors);
                        Say($"mariadb-backup is running ({begun.Elapsed:hh\\:mm\\:ss})");
                        return ValueTask.CompletedTask;
                    },
                    limit.Token
                )
                .ConfigureAwait(false);
            var code = await program.WaitAsync(limit.Token).ConfigureAwait(false);
            if (code != 0)
                throw Failed(await WhyAsync(errors, receiver).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            await program.EndAsync().ConfigureAwait(false);
            if (!context.CancellationToken.IsCancellationRequested)
                throw DatabaseErrors.DatabaseBackupTimedOut(source.Cluster, Name, settings.Limit);
            throw;
        }

        return DatabaseScripts.Lines(output.ToString());
    }

    private static void Take(int stream, ReadOnlySpan<byte> piece, StringBuilder output, Queue<string> errors)
    {
        var text = Encoding.UTF8.GetString(piece);
        if (stream != 2)
        {
            output.Append(text);
            return;
        }

        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            errors.Enqueue(line);
            if (errors.Count > LastLines)
                errors.Dequeue();
        }
    }

    /// <summary>The receiver may have refused, for lack of room; else what the stream's script or mariadb-backup said.</summary>
    private async Task<string> WhyAsync(IReadOnlyCollection<string> errors, string receiver)
    {
        var own = errors.LastOrDefault(line => line.Contains("[SwarmOps]", StringComparison.Ordinal))?.Split("[SwarmOps]: ")[^1];
        var reason = errors.LastOrDefault(line =>
            line.Contains("Error", StringComparison.OrdinalIgnoreCase) && !line.Contains("[SwarmOps]", StringComparison.Ordinal)
        );
        var refused = DatabaseScripts
            .Lines(await containers.LogAsync(receiver, 0, LogLines, context.CancellationToken).ConfigureAwait(false))
            .GetValueOrDefault("failed");
        var words = string.Join(": ", new[] { own, refused ?? reason }.OfType<string>());
        return Masking.Text(words.Length > 0 ? words : errors.LastOrDefault() ?? "no reason was given");
    }

    /// <summary>Waits for the trial.</summary>
    private async Task<IReadOnlyDictionary<string, string>> ResultAsync(string id)
    {
        var deadline = Deadline.In(settings.Limit);
        while (true)
        {
            var state = (await containers.InspectAsync(id, context.CancellationToken).ConfigureAwait(false))["State"];
            var result = DatabaseScripts.Lines(await containers.LogAsync(id, 0, LogLines, context.CancellationToken).ConfigureAwait(false));
            if ((bool?)state?["Running"] is not true)
                return (int?)state?["ExitCode"] == 0 ? result : throw Failed(result.GetValueOrDefault("failed") ?? "the trial ended early");
            Say(result.GetValueOrDefault("phase") == "preparing" ? "Trial: mariadb-backup --prepare" : "Checking the stream");
            if (!deadline.LeavesTimeFor(Pause))
                throw DatabaseErrors.DatabaseBackupTimedOut(source.Cluster, Name, settings.Limit);
            await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
        }
    }

    private DatabaseRecord Describe(
        DatabaseRecord record,
        IReadOnlyDictionary<string, string> said,
        IReadOnlyDictionary<string, string> result
    )
    {
        var isTried = result.ContainsKey("prepared");
        var position =
            DatabaseRecord.Position(result.GetValueOrDefault("position"))
            ?? DatabaseRecord.Position(said.GetValueOrDefault("position"))
            ?? throw Failed("the node did not report its state UUID and seqno");
        if (isTried == settings.SkipTrial || !long.TryParse(result.GetValueOrDefault("bytes"), CultureInfo.InvariantCulture, out var bytes))
            throw Failed("the trial reported no result");
        return record with
        {
            Uuid = position.Uuid,
            Seqno = position.Seqno,
            ServerVersion = said.GetValueOrDefault("version", ""),
            IsTried = isTried,
            StreamBytes = bytes,
            StreamSha256 = result.GetValueOrDefault("sha256", ""),
        };
    }

    private Task FetchAsync(string id, DatabaseRecord record, Func<DatabaseRecord, Stream, Task> keep) =>
        connection.AskJsonAsync(
            async api =>
            {
                var path = $"/containers/{id}/archive?path={Uri.EscapeDataString($"{Folder}/{DatabaseFile.StreamEntry}")}";
                using var response = await api.OpenAsync(path, context.CancellationToken, kind: EngineStreamKind.Bulk)
                    .ConfigureAwait(false);
                using var stream = await response.Content.ReadAsStreamAsync(context.CancellationToken).ConfigureAwait(false);
                var tar = new TarReader(stream);
                await using var _ = tar.ConfigureAwait(false);
                var entry = await tar.GetNextEntryAsync(copyData: false, context.CancellationToken).ConfigureAwait(false);
                if (entry?.DataStream is not { } content || entry.Length != record.StreamBytes)
                    throw Failed("the node gave another file than the one that was tried");
                await keep(record, content).ConfigureAwait(false);
                return true;
            },
            context.CancellationToken
        );

    /// <summary>Removes the container with its volume, also after Ctrl+C.</summary>
    private async Task RemoveAsync(string id)
    {
        using var limit = new CancellationTokenSource(RemovalLimit);
        try
        {
            await containers.RemoveAsync(id, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SwarmOpsException or OperationCanceledException)
        {
            context.WriteVerbose(
                $"{Name}: the container of the backup could not be removed; the next backup of this node removes it: {exception.Message}"
            );
        }
    }

    /// <summary>Waits until the node is Synced again. It is put back on its host, whether this waits or not.</summary>
    private async Task SettleAsync()
    {
        if (context.CancellationToken.IsCancellationRequested)
            return;
        var reader = new GaleraReader(swarm, settings.ThrottleLimit, settings.Login);
        var state = "";
        var back = await Polling
            .UntilAsync(
                async () =>
                {
                    var node = await reader
                        .AskAsync(source.Site.State with { Error = null }, source.Site.ContainerId)
                        .ConfigureAwait(false);
                    state = node.State;
                    Say($"Waiting until the node is Synced again: it is {state}");
                    return node.State == GaleraReport.Synced ? node : null;
                },
                settings.Timeout,
                context.CancellationToken,
                Pause
            )
            .ConfigureAwait(false);
        if (back is null)
            context.WriteError(DatabaseErrors.DatabaseNotResynced(source.Cluster, Name, state, settings.Timeout));
    }

    private SwarmOpsException Failed(string problem) => DatabaseErrors.DatabaseBackupFailed(source.Cluster, Name, problem);

    private void Say(string status) =>
        context.WriteProgress(new OperationProgress(1, $"Backing up '{source.Cluster}'", $"{Name}: {status}"));
}
