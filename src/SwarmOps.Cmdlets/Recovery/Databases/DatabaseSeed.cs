using System.Formats.Tar;
using System.Text.Json.Nodes;
using SwarmOps.Galera;
using SwarmOps.Pipeline;
using SwarmOps.Recovery.Store;
using SwarmOps.Services.Images;
using SwarmOps.Transport;

namespace SwarmOps.Recovery.Databases;

/// <summary>Makes the database of a backup in the data directory of one host, in a container without network.</summary>
/// <param name="context">The cmdlet's context.</param>
/// <param name="node">The host.</param>
/// <param name="dataPath">The data directory on it, which exists and is empty.</param>
/// <param name="limit">How long it may take.</param>
internal sealed class DatabaseSeed(IOperationContext context, SwarmNode node, string dataPath, TimeSpan limit)
{
    private const string Activity = "Restore-GaleraCluster";

    private const string Label = "swarmops.galera.restore";

    /// <summary>The folder in the data directory that takes the backup; the start script ignores it.</summary>
    private const string Folder = ".swarmops-restoring";

    private const int LogLines = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1),
        RemovalLimit = TimeSpan.FromSeconds(20);

    private readonly INodeConnection connection = context.Connection(node);
    private readonly EngineContainers containers = new(context.Connection(node));

    /// <summary>Makes it.</summary>
    /// <param name="record">The backup.</param>
    /// <param name="image">The image, which the host has.</param>
    /// <param name="store">Where the backup is.</param>
    /// <param name="file">Its name there.</param>
    /// <param name="passphrase">The passphrase.</param>
    /// <exception cref="SwarmOpsException"><c>DatabaseNotRestored</c>, those of <see cref="DatabaseFile"/> and the transport.</exception>
    public async Task RunAsync(DatabaseRecord record, string image, IBackupStore store, string file, string passphrase)
    {
        EngineCall.StageLimit = limit;
        using var held = context.HoldConnections();
        await RemoveLeftAsync().ConfigureAwait(false);
        // What an interrupted run left is a copy of the backup.
        var folder = ShellCommand.Quote($"{dataPath}/{Folder}");
        await connection
            .RunCheckedAsync(
                "preparing the data directory",
                new NodeCommand($"rm -rf -- {folder} && mkdir -m 700 -- {folder}") { AsRoot = true },
                context.CancellationToken
            )
            .ConfigureAwait(false);
        var id = await CreateAsync(record, image).ConfigureAwait(false);
        try
        {
            await SendAsync(id, store, file, passphrase).ConfigureAwait(false);
            await containers.StartAsync(id, context.CancellationToken).ConfigureAwait(false);
            await WaitAsync(id, record).ConfigureAwait(false);
        }
        finally
        {
            await RemoveAsync(id).ConfigureAwait(false);
        }
    }

    /// <summary>What an interrupted run left. One that still runs writes into the data directory, so this run must not begin beside it.</summary>
    private async Task RemoveLeftAsync()
    {
        var filters = new Dictionary<string, IEnumerable<string>> { ["label"] = [Label] };
        foreach (var left in await containers.ListAsync(filters, all: true, context.CancellationToken).ConfigureAwait(false))
            await containers.RemoveAsync((string?)left["Id"] ?? "", context.CancellationToken).ConfigureAwait(false);
    }

    private Task<string> CreateAsync(DatabaseRecord record, string image)
    {
        var body = new JsonObject
        {
            ["Image"] = image,
            ["Entrypoint"] = new JsonArray("bash", "-c", DatabaseScripts.Restore, "swarmops-restore"),
            ["Cmd"] = new JsonArray(),
            ["User"] = "0",
            ["Env"] = new JsonArray($"GALERA_SHA256={record.StreamSha256}"),
            ["Labels"] = new JsonObject { [Label] = record.Cluster },
            ["NetworkDisabled"] = true,
            ["HostConfig"] = new JsonObject
            {
                ["NetworkMode"] = "none",
                ["LogConfig"] = new JsonObject { ["Type"] = "json-file" },
                ["Mounts"] = new JsonArray(
                    new JsonObject
                    {
                        ["Type"] = "bind",
                        ["Source"] = dataPath,
                        ["Target"] = GaleraNames.DataTarget,
                    }
                ),
            },
        };
        return containers.CreateAsync(body, name: null, context.CancellationToken);
    }

    /// <summary>Decrypts the backup on its way to the host; nothing of it is on this machine's disk.</summary>
    private async Task SendAsync(string id, IBackupStore store, string file, string passphrase)
    {
        var tell = new TransferProgress(context, Activity, $"Sending the backup to {node.Name}");
        var source = await store.OpenAsync(file, context.CancellationToken).ConfigureAwait(false);
        await using var _ = source.ConfigureAwait(false);
        var path = $"/containers/{id}/archive?path={Uri.EscapeDataString($"{GaleraNames.DataTarget}/{Folder}")}";
        await DatabaseFile
            .ReadAsync(
                source,
                passphrase,
                file,
                (_, data) =>
                    connection.AskJsonAsync(
                        async api =>
                        {
                            using var content = PushedContent.Archive((target, token) => WriteAsync(target, data, token), static _ => { });
                            using var response = await api.UploadAsync(path, content, context.CancellationToken, HttpMethod.Put)
                                .ConfigureAwait(false);
                            return true;
                        },
                        context.CancellationToken
                    ),
                tell.Show,
                context.CancellationToken
            )
            .ConfigureAwait(false);
    }

    private static async Task WriteAsync(Stream target, Stream data, CancellationToken cancellationToken)
    {
        var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        await using var _ = tar.ConfigureAwait(false);
        var entry = new PaxTarEntry(TarEntryType.RegularFile, DatabaseFile.StreamEntry)
        {
            DataStream = data,
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await tar.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    private async Task WaitAsync(string id, DatabaseRecord record)
    {
        var deadline = Deadline.In(limit);
        while (true)
        {
            var state = (await containers.InspectAsync(id, context.CancellationToken).ConfigureAwait(false))["State"];
            var result = DatabaseScripts.Lines(await containers.LogAsync(id, 0, LogLines, context.CancellationToken).ConfigureAwait(false));
            if ((bool?)state?["Running"] is not true)
            {
                if ((int?)state?["ExitCode"] == 0)
                    return;
                throw DatabaseErrors.DatabaseNotRestored(
                    record.Cluster,
                    node.Name,
                    result.GetValueOrDefault("failed") ?? "its container ended early"
                );
            }

            context.WriteProgress(
                new OperationProgress(0, Activity, $"{node.Name}: {result.GetValueOrDefault("phase", "starting")} the database")
            );
            if (!deadline.LeavesTimeFor(Pause))
                throw DatabaseErrors.DatabaseNotRestored(record.Cluster, node.Name, $"it was not complete after {limit.TotalSeconds:0} s");
            await Task.Delay(Pause, context.CancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RemoveAsync(string id)
    {
        using var removal = new CancellationTokenSource(RemovalLimit);
        try
        {
            await containers.RemoveAsync(id, removal.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SwarmOpsException or OperationCanceledException)
        {
            context.WriteVerbose(
                $"{node.Name}: the container of the restore could not be removed; the next run removes it: {exception.Message}"
            );
        }
    }
}
