using SwarmOps.Pipeline;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;

namespace SwarmOps.Galera;

/// <summary>Records in the labels of a cluster's services which hosts hold its data: an empty directory on one of them means a missing disk, not an empty one.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="updater">Changes services.</param>
internal sealed class HolderRecord(IOperationContext context, ServiceUpdater updater)
{
    /// <summary>Records the hosts of a complete cluster; changed labels do not restart tasks.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task KeepAsync(GaleraCluster cluster, IReadOnlyList<ServiceState> services)
    {
        if (cluster.Uuid is not { } uuid)
            return;
        foreach (var service in services)
        {
            var holders = Holders(cluster, service.Name, uuid, service.Labels);
            if (
                holders.Length == 0
                || (
                    service.Labels.GetValueOrDefault(GaleraNames.HistoryLabel) == uuid
                    && service.Labels.GetValueOrDefault(GaleraNames.HoldersLabel) == holders
                )
            )
                continue;
            if (
                !await context
                    .ShouldProcessAsync(
                        service.Name,
                        $"Record in its labels that {holders} hold data with the state UUID {uuid} (no task is restarted)"
                    )
                    .ConfigureAwait(false)
            )
                continue;
            await updater
                .UpdateAsync(
                    service.Id,
                    now =>
                    {
                        var spec = now.Spec.DeepClone().AsObject();
                        var labels = spec.Child("Labels");
                        labels[GaleraNames.HistoryLabel] = uuid;
                        labels[GaleraNames.HoldersLabel] = holders;
                        return spec;
                    }
                )
                .ConfigureAwait(false);
        }
    }

    /// <summary>The hosts of a service's nodes that hold the data. One that was recorded and cannot be asked at the moment still counts: forgotten, its lost disk would pass for an empty one.</summary>
    internal static string Holders(GaleraCluster cluster, string service, string uuid, IReadOnlyDictionary<string, string> labels)
    {
        string[] recorded =
            labels.GetValueOrDefault(GaleraNames.HistoryLabel) == uuid
                ? labels.GetValueOrDefault(GaleraNames.HoldersLabel, "").Split(',', StringSplitOptions.RemoveEmptyEntries)
                : [];
        return string.Join(
            ',',
            cluster
                .GaleraNodes.Where(node =>
                    node.Service == service
                    && !node.IsArbitrator
                    && (node.Uuid == uuid || (node.Uuid is null && recorded.Contains(node.Node)))
                )
                .Select(node => node.Node)
                .Order(StringComparer.Ordinal)
        );
    }
}
