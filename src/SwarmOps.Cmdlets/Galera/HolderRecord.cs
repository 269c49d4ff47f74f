using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;

namespace SwarmOps.Galera;

/// <summary>Keeps with a cluster's services which hosts hold which history: the empty directory of one of them is a disk that is missing, not an empty disk.</summary>
/// <param name="context">The stage that works.</param>
/// <param name="updater">Changes services.</param>
internal sealed class HolderRecord(IOperationContext context, ServiceUpdater updater)
{
    /// <summary>Notes what a whole cluster holds; labels start no task anew, and the same is no change.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task KeepAsync(GaleraCluster cluster, IReadOnlyList<ServiceState> services)
    {
        if (cluster.Uuid is not { } uuid)
            return;
        foreach (var service in services)
        {
            var holders = string.Join(',', cluster.GaleraNodes.Where(node => node.Service == service.Name && !node.IsArbitrator && node.Uuid == uuid).Select(node => node.Node).Order(StringComparer.Ordinal));
            if (holders.Length == 0 || (service.Labels.GetValueOrDefault(GaleraNames.HistoryLabel) == uuid && service.Labels.GetValueOrDefault(GaleraNames.HoldersLabel) == holders))
                continue;
            if (!await context.ShouldProcessAsync(service.Name, $"note in its labels that {holders} holds the history {uuid} (no task is restarted)").ConfigureAwait(false))
                continue;
            await updater.UpdateAsync(service.Id, now =>
            {
                var spec = now.Spec.DeepClone().AsObject();
                var labels = spec.Child("Labels");
                labels[GaleraNames.HistoryLabel] = uuid;
                labels[GaleraNames.HoldersLabel] = holders;
                return spec;
            }).ConfigureAwait(false);
        }
    }
}
