using SwarmOps.Galera;
using SwarmOps.Monitoring.Definition;
using SwarmOps.Pipeline;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Monitoring.Running;

/// <summary>Removes what the monitoring no longer uses.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
internal sealed class MonitoringCleaning(IOperationContext context, SwarmSession swarm)
{
    /// <summary>Removes the configs and secrets that no service uses. One that a task still uses is removed by a later run.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RemoveUnusedAsync(IReadOnlyList<StoredItem> items)
    {
        foreach (var kind in items.GroupBy(item => item.Kind))
        {
            var used = await swarm
                .AskManagerAsync((manager, token) => StoredItems.UsersAsync(manager, kind.Key, token))
                .ConfigureAwait(false);
            foreach (var item in kind.Where(item => !used.Contains(item.Id)))
                await RemoveAsync(item).ConfigureAwait(false);
        }
    }

    /// <summary>Drops the account in a Galera cluster; a cluster that cannot be asked keeps it, which is a warning.</summary>
    public static async Task DropAsync(IOperationContext context, GaleraAccount accounts, string name, string cluster)
    {
        try
        {
            await accounts.DropAsync(name, cluster).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(GaleraErrors.GaleraNotFound))
        {
            context.WriteVerbose($"The Galera cluster '{cluster}' no longer exists, and neither does the account in it");
        }
        catch (SwarmOpsException error)
        {
            context.WriteWarning(
                $"The account '{MonitoringNames.Account(name)}' in the Galera cluster '{cluster}' was not dropped; it has no privileges. {error.Message}"
            );
        }
    }

    private async Task RemoveAsync(StoredItem item)
    {
        try
        {
            await swarm
                .AskManagerAsync(
                    async (manager, token) =>
                    {
                        await StoredItems.RemoveAsync(manager, item, token).ConfigureAwait(false);
                        return true;
                    }
                )
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.ErrorId == nameof(StoredErrors.StoredInUse))
        {
            context.WriteVerbose($"{item.ObjectName} is still in use, and was kept");
        }
    }
}
