using SwarmOps.Pipeline;

namespace SwarmOps.Recovery.Store;

/// <summary>Deletes older backups when a new one is complete. Those of a swarm and those of each of its databases are counted apart.</summary>
internal static class BackupRetention
{
    /// <summary>Deletes what is not among the newest.</summary>
    /// <param name="context">The cmdlet's context.</param>
    /// <param name="store">Where they are.</param>
    /// <param name="newest">The new one, which stays in any case.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The names of those that were deleted.</returns>
    public static async Task<IReadOnlyList<string>> ApplyAsync(IOperationContext context, IBackupStore store, BackupName newest, int keep)
    {
        var deleted = new List<string>();
        IReadOnlyList<BackupName> all;
        try
        {
            all = await store.ListAsync(context.CancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
        {
            // The new backup is complete all the same, and is told.
            context.WriteError(error);
            return deleted;
        }

        foreach (var old in BackupName.Surplus(all, newest.SwarmId, keep, newest.Cluster).Where(old => old != newest))
        {
            try
            {
                await store.DeleteAsync(old.ToString(), context.CancellationToken).ConfigureAwait(false);
                deleted.Add(old.ToString());
            }
            catch (SwarmOpsException error)
            {
                // The backup is complete all the same.
                context.WriteError(error);
            }
        }

        return deleted;
    }
}
