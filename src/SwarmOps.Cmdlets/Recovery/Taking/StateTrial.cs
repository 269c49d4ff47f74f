using System.Security.Cryptography;
using SwarmOps.Pipeline;
using SwarmOps.Recovery.Archive;
using SwarmOps.Recovery.Hosts;
using SwarmOps.Transport;

namespace SwarmOps.Recovery.Taking;

/// <summary>Restores a copied state in a scratch engine on the manager's own host, and compares what comes up with what the swarm has.</summary>
/// <param name="context">The cmdlet's context.</param>
/// <param name="host">The host, with the copy in its work directory.</param>
internal sealed class StateTrial(IOperationContext context, EngineHost host)
{
    /// <summary>The scratch engine ends by itself after this time, whatever happens to this process.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The docker program shortens ids of services to so many characters.</summary>
    private const int ShortId = 12;

    /// <summary>Tries it.</summary>
    /// <param name="nodes">Members that must be there.</param>
    /// <param name="objects">Objects that must be there.</param>
    /// <param name="unlockKey">The unlock key; null without autolock.</param>
    /// <exception cref="SwarmOpsException"><c>BackupTrialFailed</c>, <c>BackupTrialIncomplete</c>, <c>UnlockKeyDoesNotFit</c>, the transport's errors.</exception>
    public async Task RunAsync(
        IReadOnlyList<BackedUpNode> nodes,
        IReadOnlyDictionary<string, IReadOnlyList<BackedUpObject>> objects,
        string? unlockKey
    )
    {
        context.WriteProgress(new OperationProgress(1, "Trial restore", $"Making a swarm of the copied state on {host.Node.Name}"));
        var script = $"""
            dir={ShellCommand.Quote(host.Folder)}
            id={ShellCommand.Quote(Path.GetFileName(host.Folder))}
            limit={(int)Limit.TotalSeconds}
            {EmbeddedScripts.TrialEngine}
            """;
        var key = unlockKey is null ? null : await OpenKeyAsync(unlockKey).ConfigureAwait(false);
        var result = await host.RunAsync(script, key, Limit).ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(1, "Trial restore", "Done", 100, Completed: true));
        if (!result.Succeeded)
            throw RecoveryErrors.BackupTrialFailed(host.Node, Masking.Text(result.Error.Trim().ReplaceLineEndings("; ")));
        var found = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet();
        var missing = nodes
            .Where(node => !found.Contains($"node {node.Id}"))
            .Select(node => $"node '{node.Name}'")
            .Concat(
                objects.SelectMany(kind =>
                    kind.Value.Where(item => !Has(found, kind.Key, item.Id)).Select(item => $"{kind.Key} '{item.Name}'")
                )
            )
            .ToList();
        if (missing.Count > 0)
            throw RecoveryErrors.BackupTrialIncomplete(host.Node, missing);
    }

    private static bool Has(HashSet<string> found, string kind, string id) =>
        found.Contains($"{kind} {id}") || (id.Length > ShortId && found.Contains($"{kind} {id[..ShortId]}"));

    private async Task<string?> OpenKeyAsync(string unlockKey)
    {
        var archive = ShellCommand.Quote($"{host.Folder}/state.tar.gz");
        var pem = await host.RequireAsync($"tar -xzOf {archive} ./certificates/swarm-node.key", null, "reading the manager's key")
            .ConfigureAwait(false);
        if (!LockedNodeKey.IsLocked(pem))
            return null;
        try
        {
            return LockedNodeKey.Unlock(pem, unlockKey);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            throw RecoveryErrors.UnlockKeyDoesNotFit(host.Node, exception);
        }
    }
}
