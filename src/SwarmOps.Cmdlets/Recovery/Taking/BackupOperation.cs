using System.Security.Cryptography;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Recovery.Archive;
using SwarmOps.Recovery.Databases;
using SwarmOps.Recovery.Hosts;
using SwarmOps.Recovery.Store;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;
using SwarmOps.Transport;

namespace SwarmOps.Recovery.Taking;

/// <summary>Backs up a swarm. What is called a backup was tried in a scratch engine, read back from where it is kept, and decrypted.</summary>
internal sealed class BackupOperation(IOperationContext context, BackupRequest request)
{
    private const string Activity = "Backup-Swarm";

    private const string StateFile = "state.tar.gz";

    /// <summary>Runs it and emits the backup.</summary>
    public async Task RunAsync()
    {
        using var store = await request.Place.OpenAsync(context.CancellationToken).ConfigureAwait(false);
        var session = await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit).ConfigureAwait(false);
        var before = await SwarmInventory.ReadAsync(session).ConfigureAwait(false);
        var method = request.Method ?? (before.AutoLock ? SwarmBackupMethod.Freeze : SwarmBackupMethod.Stop);
        var choice = new ManagerChoice(session, method);
        var manager = await choice.ChooseAsync(request.On).ConfigureAwait(false);
        var sources = await new SourceChoice(context, session, request.Databases).ChooseAsync().ConfigureAwait(false);
        if (!await context.ShouldProcessAsync(manager.Node.ToString(), ActionOf(method, sources)).ConfigureAwait(false))
            return;
        Warn(choice, manager, method);
        BackupTemporary.RemoveLeft();
        await store.ProveAsync(context.CancellationToken).ConfigureAwait(false);
        // First: while it runs nothing is stopped, and the swarm's own backup lists it.
        var databases = await new DatabaseBackup(context, session, store, request.Passphrase, request.Databases)
            .RunAsync(sources, request.Keep)
            .ConfigureAwait(false);
        var unlockKey = before.AutoLock ? await ReadUnlockKeyAsync(session).ConfigureAwait(false) : null;
        var host = new EngineHost(context, manager);
        try
        {
            var made = await TakeAsync(session, manager, host, before, method, unlockKey, [.. databases.Select(one => one.Record)])
                .ConfigureAwait(false);
            var backup = await KeepAsync(store, host, made, manager).ConfigureAwait(false);
            context.WriteObject(backup with { Databases = [.. databases.Select(one => one.Backup)] });
        }
        finally
        {
            await host.CleanAsync().ConfigureAwait(false);
            context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
        }
    }

    private string ActionOf(SwarmBackupMethod method, IReadOnlyList<DatabaseSource> sources) =>
        $"Copy the swarm state to {request.Place.Given}: the engine is {(method == SwarmBackupMethod.Stop ? "stopped for some seconds, and its tasks start again" : "frozen for a moment")}"
        + string.Concat(
            sources.Select(source => $", after a mariadb-backup of '{source.Cluster}' on {source.Site.Node}, which is desynced meanwhile")
        );

    private void Warn(ManagerChoice choice, NodeObservation manager, SwarmBackupMethod method)
    {
        if (method == SwarmBackupMethod.Stop && choice.IsLeader(manager))
            context.WriteWarning(
                $"'{manager.Node.Name}' is the leader, and no other manager can be backed up: while its engine is stopped the swarm cannot be changed."
            );
    }

    private async Task<Taken> TakeAsync(
        SwarmSession session,
        NodeObservation manager,
        EngineHost host,
        SwarmInventory before,
        SwarmBackupMethod method,
        string? unlockKey,
        IReadOnlyList<DatabaseRecord> databases
    )
    {
        Say("Reading where databases and shared folders stand");
        var positions = await DataPositions.ReadAsync(context, session, request.ThrottleLimit).ConfigureAwait(false);
        Say($"Copying the swarm state of {manager.Node.Name}");
        var createdAt = BackupName.Now();
        var held = await host.HoldAsync(method, EmbeddedScripts.CopyState, "copying the swarm state").ConfigureAwait(false);
        context.WriteVerbose(
            $"{manager.Node.Name}: the engine was {(method == SwarmBackupMethod.Stop ? "stopped" : "frozen")} for {held.TotalSeconds:0.0} s"
        );
        await WaitUntilBackAsync(session, manager, unlockKey).ConfigureAwait(false);
        var after = await SwarmInventory.ReadAsync(session).ConfigureAwait(false);
        var (length, sha256) = await PackAsync(host).ConfigureAwait(false);
        var objects = before.Common(after);
        var members = before.Nodes.Select(node => node.Id).Intersect(after.Nodes.Select(node => node.Id)).ToHashSet();
        IReadOnlyList<BackedUpNode> nodes = [.. before.Nodes.Where(node => members.Contains(node.Id))];
        if (!request.SkipTrial)
            await new StateTrial(context, host).RunAsync(nodes, objects, unlockKey).ConfigureAwait(false);
        var manifest = new BackupManifest
        {
            SwarmId = session.SwarmId,
            CreatedAt = createdAt,
            Method = method,
            HeldMilliseconds = (long)held.TotalMilliseconds,
            NodeId = manager.NodeId,
            EngineVersion = manager.Info.ServerVersion ?? "",
            StateSha256 = sha256,
            StateBytes = length,
            IsTried = !request.SkipTrial,
            AutoLock = before.AutoLock,
            DataPathPort = (uint)before.Swarm.DataPathPort,
            AddressPools = [.. before.Swarm.DefaultAddrPool ?? []],
            SubnetSize = (uint)before.Swarm.SubnetSize,
            Nodes = nodes,
            Objects = objects,
            Databases = databases,
        };
        return new Taken(new BackupArchive(manifest, unlockKey), before.Documents.Concat(positions).ToDictionary());
    }

    /// <summary>Compresses the copy on its host, after the engine is back.</summary>
    private static async Task<(long Length, string Sha256)> PackAsync(EngineHost host)
    {
        var said = await host.RequireAsync(
                $"cd {ShellCommand.Quote(host.Folder)} && gzip -n state.tar && stat -c %s {StateFile} && sha256sum <{StateFile}",
                null,
                "compressing the copy"
            )
            .ConfigureAwait(false);
        var words = said.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return (long.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture), words[1]);
    }

    /// <summary>Waits until the manager takes part again; one whose keys are locked is unlocked.</summary>
    private async Task WaitUntilBackAsync(SwarmSession session, NodeObservation manager, string? unlockKey)
    {
        Say($"Waiting until {manager.Node.Name} takes part in the swarm again");
        var state = "silent";
        var back = await Polling
            .UntilAsync(
                async () =>
                {
                    var now = await NodeReport.TakeAsync(context, manager.Node).ConfigureAwait(false);
                    state = now.Observation?.LocalState ?? "silent";
                    if (state == LocalNodeStates.Locked && unlockKey is not null)
                        await UnlockAsync(now.Observation!, unlockKey).ConfigureAwait(false);
                    return
                        now.Observation is { IsManager: true }
                        && await session.FindMemberAsync(manager.NodeId).ConfigureAwait(false) is { Status.State: "ready" } member
                        && ManagerTally.IsReachable(member)
                        ? member
                        : null;
                },
                request.Timeout,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        if (back is null)
            context.WriteError(RecoveryErrors.BackupManagerNotBack(manager.Node, state, request.Timeout));
    }

    private Task UnlockAsync(NodeObservation node, string unlockKey) =>
        node.Connection.TellAsync(
            engine => engine.Swarm.UnlockSwarmAsync(new SwarmUnlockParameters { UnlockKey = unlockKey }, context.CancellationToken),
            context.CancellationToken
        );

    private static async Task<string?> ReadUnlockKeyAsync(SwarmSession session) =>
        (
            await session
                .AskManagerAsync((manager, token) => manager.AskAsync(engine => engine.Swarm.GetSwarmUnlockKeyAsync(token), token))
                .ConfigureAwait(false)
        ).UnlockKey;

    /// <summary>Encrypts the backup, stores it, reads it back, and only then deletes older ones.</summary>
    private async Task<SwarmBackup> KeepAsync(IBackupStore store, EngineHost host, Taken taken, NodeObservation manager)
    {
        var manifest = taken.Archive.Manifest;
        // Only the encrypted file is ever on this machine's disk.
        using var state = await host.GetAsync($"{host.Folder}/{StateFile}", manifest.StateBytes, manifest.StateSha256)
            .ConfigureAwait(false);
        Say("Encrypting the backup");
        using var file = await BackupTemporary
            .MakeAsync(target =>
            {
                taken.Archive.Write(target, request.Passphrase, state, taken.Documents);
                return Task.CompletedTask;
            })
            .ConfigureAwait(false);
        string sha256;
        await using (var written = File.OpenRead(file.Path))
            sha256 = EngineHost.Hex(await SHA256.HashDataAsync(written, context.CancellationToken).ConfigureAwait(false));
        Say($"Writing the backup to {store.Place}");
        var name = new BackupName(manifest.SwarmId, manifest.CreatedAt);
        var path = await store.PutAsync(name, file.Path, sha256, context.CancellationToken).ConfigureAwait(false);
        await VerifyAsync(store, name, path).ConfigureAwait(false);
        var deleted = request.Keep is { } keep ? await BackupRetention.ApplyAsync(context, store, name, keep).ConfigureAwait(false) : [];
        return Describe(taken.Archive, manager, path, sha256, new FileInfo(file.Path).Length, deleted);
    }

    private async Task VerifyAsync(IBackupStore store, BackupName name, string path)
    {
        Say("Reading the backup back");
        try
        {
            await using var stored = await store.OpenAsync(name.ToString(), context.CancellationToken).ConfigureAwait(false);
            _ = BackupArchive.Read(stored, request.Passphrase, path, state: null);
        }
        catch (SwarmOpsException error) when (error.Kind is ErrorKind.InvalidData or ErrorKind.InvalidArgument)
        {
            await store.DeleteAsync(name.ToString(), context.CancellationToken).ConfigureAwait(false);
            throw RecoveryErrors.BackupNotVerified(path);
        }
    }

    private static SwarmBackup Describe(
        BackupArchive archive,
        NodeObservation manager,
        string path,
        string sha256,
        long bytes,
        IReadOnlyList<string> deleted
    ) =>
        new()
        {
            Path = path,
            SwarmId = archive.Manifest.SwarmId,
            CreatedAt = archive.Manifest.CreatedAt,
            Node = manager.Node.Name,
            EngineVersion = archive.Manifest.EngineVersion,
            Method = archive.Manifest.Method,
            EngineHeld = TimeSpan.FromMilliseconds(archive.Manifest.HeldMilliseconds),
            Bytes = bytes,
            Sha256 = sha256,
            IsTried = archive.Manifest.IsTried,
            NodeCount = archive.Manifest.Nodes.Count,
            ManagerCount = archive.Manifest.Managers.Count,
            ServiceCount = archive.Manifest.Of("service").Count,
            NetworkCount = archive.Manifest.Of("network").Count,
            SecretCount = archive.Manifest.Of("secret").Count,
            ConfigCount = archive.Manifest.Of("config").Count,
            Deleted = deleted,
        };

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, Activity, status));

    /// <summary>What is to be kept, while its state is on the manager's host.</summary>
    private sealed record Taken(BackupArchive Archive, IReadOnlyDictionary<string, string> Documents);
}
