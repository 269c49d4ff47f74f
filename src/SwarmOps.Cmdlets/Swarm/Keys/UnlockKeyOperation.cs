using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Keys;

/// <summary>Reads the unlock key of a swarm, or replaces it and waits until each manager of the set has taken the new one over.</summary>
internal sealed class UnlockKeyOperation(IOperationContext context, UnlockKeyRequest request)
{
    /// <summary>Runs it and emits the key that is valid now.</summary>
    public async Task RunAsync()
    {
        var session = await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit, request.Timeout).ConfigureAwait(false);
        if ((await ClusterDocument.ReadAsync(session).ConfigureAwait(false)).Spec?.EncryptionConfig?.AutoLockManagers is not true)
            throw SwarmKeyErrors.SwarmNotAutoLocked(session.SwarmId);
        if (await (request.Replace ? ReplaceAsync(session) : ReadAsync(session)).ConfigureAwait(false) is { } key)
            context.WriteObject(new SwarmUnlockKey(session.SwarmId, UnlockKeyText.Hide(key)));
    }

    /// <summary>The new key; null when it was not to be replaced.</summary>
    private async Task<string?> ReplaceAsync(SwarmSession session)
    {
        if (!await context.ShouldProcessAsync($"swarm {session.SwarmId}", "Replace the unlock key").ConfigureAwait(false))
            return null;
        var managers = session.Observations.Where(observation => observation.IsManager).ToList();
        var before = await KeyVersions.ReadAsync(context, managers, request.ThrottleLimit).ConfigureAwait(false);
        var old = await ReadAsync(session).ConfigureAwait(false);
        await ClusterDocument.UpdateAsync(session, _ => new SwarmUpdateParameters { RotateManagerUnlockKey = true }).ConfigureAwait(false);
        var key = await ReadAsync(session).ConfigureAwait(false);
        if (key == old)
            throw SwarmKeyErrors.UnlockKeyNotReplaced(session.SwarmId);
        await WaitAsync(session, managers, before).ConfigureAwait(false);
        return key;
    }

    /// <summary>Each manager encrypts its data anew when it hears of the new key: until then a restart needs the old one.</summary>
    private async Task WaitAsync(SwarmSession session, IReadOnlyList<NodeObservation> managers, IReadOnlyDictionary<string, long?> before)
    {
        context.WriteProgress(new OperationProgress(0, "Update-SwarmUnlockKey", "Waiting until every manager has the new key"));
        var waiting = managers.Where(manager => before[manager.Node.Name] is not null).ToList();
        foreach (var unseen in managers.Except(waiting))
            context.WriteWarning(
                $"Whether '{unseen.Node.Name}' has taken the new key over cannot be seen: its disk can be read only over SSH, as root. Keep the old key for some minutes."
            );
        await Polling
            .UntilAsync(
                async () =>
                {
                    var now = await KeyVersions.ReadAsync(context, waiting, request.ThrottleLimit).ConfigureAwait(false);
                    waiting.RemoveAll(manager => now[manager.Node.Name] > before[manager.Node.Name]);
                    return waiting.Count == 0 ? waiting : null;
                },
                request.Timeout,
                context.CancellationToken
            )
            .ConfigureAwait(false);
        var known = managers.Select(manager => manager.NodeId).ToHashSet();
        var away = session
            .View.Members.Where(member => member.ManagerStatus is not null && !known.Contains(member.ID))
            .Select(member => session.Place(member.ID)?.Name ?? member.ID)
            .ToList();
        if (away.Count > 0)
            context.WriteWarning(
                $"Managers that were not asked, and may need the old key when they come back: {string.Join(", ", away.Select(name => $"'{name}'"))}."
            );
        if (waiting.Count > 0)
            context.WriteError(
                SwarmKeyErrors.UnlockKeyNotTakenOver(session.SwarmId, [.. waiting.Select(manager => manager.Node)], request.Timeout)
            );
    }

    private static async Task<string?> ReadAsync(SwarmSession session) =>
        (
            await session
                .AskManagerAsync((manager, token) => manager.AskAsync(engine => engine.Swarm.GetSwarmUnlockKeyAsync(token), token))
                .ConfigureAwait(false)
        ).UnlockKey;
}
