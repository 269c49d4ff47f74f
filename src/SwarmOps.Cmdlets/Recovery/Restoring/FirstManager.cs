using System.Net;
using System.Security.Cryptography;
using Docker.DotNet;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Recovery.Archive;
using SwarmOps.Recovery.Hosts;
using SwarmOps.Swarm.Locking;
using SwarmOps.Transport;

namespace SwarmOps.Recovery.Restoring;

/// <summary>
/// Makes a node the only manager of the swarm in a backup. The state is placed without the engine's start file (docker-state.json), so that the engine comes up in no swarm and never
/// contacts the managers that the state names; it then makes a new cluster of it, at the node's own address (<c>ForceNewCluster</c>).
/// </summary>
/// <param name="context">The cmdlet's context.</param>
/// <param name="archive">The backup.</param>
/// <param name="timeout">How long the engine may take.</param>
internal sealed class FirstManager(IOperationContext context, BackupArchive archive, TimeSpan timeout)
{
    private const string Activity = "Restore-Swarm";

    private const string KeyFile = "certificates/swarm-node.key";

    /// <summary>Makes it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="state">The engine's swarm directory, as in the backup.</param>
    /// <exception cref="SwarmOpsException">
    /// <c>EngineCannotBeHeld</c>, <c>EngineWorkFailed</c>, <c>EngineStayedStopped</c>, <c>UnlockKeyDoesNotFit</c>, <c>NewClusterFailed</c>, the transport's errors.
    /// </exception>
    public async Task MakeAsync(NodeObservation node, Stream state)
    {
        var host = new EngineHost(context, node);
        try
        {
            await PlaceAsync(host, state).ConfigureAwait(false);
        }
        finally
        {
            await host.CleanAsync().ConfigureAwait(false);
        }

        var manifest = archive.Manifest;
        var settings = new ClusterSettings(manifest.DataPathPort, manifest.AddressPools, manifest.SubnetSize, manifest.AutoLock);
        await new ForcedCluster(context, Activity, settings, timeout).MakeAsync(node).ConfigureAwait(false);
        await host.RequireAsync(
                $"rm -f {ShellCommand.Quote($"{host.Root}/swarm/{RestoreGuard.Marker}")}",
                null,
                "removing the marker of the restore"
            )
            .ConfigureAwait(false);
        await RemoveOldLockAsync(node).ConfigureAwait(false);
    }

    private async Task PlaceAsync(EngineHost host, Stream state)
    {
        const string what = "unpacking the state";
        Say($"Writing the state to {host.Node.Name}");
        await host.PutAsync("state.tar.gz", state, archive.Manifest.StateSha256).ConfigureAwait(false);
        var folder = ShellCommand.Quote(host.Folder);
        // docker-state.json would make the engine contact the old managers when it starts; state.json names them.
        await host.RequireAsync(
                $"cd {folder} && mkdir state && chmod 700 state && tar -C state -xzSf state.tar.gz && cd state && rm -rf docker-state.json state.json worker && : >{RestoreGuard.Marker}",
                null,
                what
            )
            .ConfigureAwait(false);
        var pem = await host.RequireAsync($"cat {folder}/state/{KeyFile}", null, what).ConfigureAwait(false);
        if (LockedNodeKey.IsLocked(pem))
            await host.RequireAsync($"umask 077; cat >{folder}/state/{KeyFile}", Unlocked(host.Node, pem), what).ConfigureAwait(false);
        Say($"Putting the state in place on {host.Node.Name}");
        await host.HoldAsync(SwarmBackupMethod.Stop, EmbeddedScripts.PlaceState, "putting the state in place").ConfigureAwait(false);
    }

    private string Unlocked(SwarmNode node, string pem)
    {
        try
        {
            return LockedNodeKey.Unlock(pem, archive.UnlockKey ?? "");
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            throw RecoveryErrors.UnlockKeyDoesNotFit(node, exception);
        }
    }

    /// <summary>The state holds the lock of the run that made the backup, which would have to expire first.</summary>
    private async Task RemoveOldLockAsync(NodeObservation node)
    {
        try
        {
            await node
                .Connection.AskJsonAsync(
                    async api =>
                    {
                        await api.DeleteAsync($"/configs/{ConfigLockStore.Name}", context.CancellationToken).ConfigureAwait(false);
                        return true;
                    },
                    context.CancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            // The backup was made without one.
        }
    }

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, Activity, status));
}
