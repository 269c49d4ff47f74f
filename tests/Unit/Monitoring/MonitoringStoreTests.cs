using System.Text.Json.Nodes;
using SwarmOps.Monitoring.Definition;
using SwarmOps.Monitoring.Running;
using SwarmOps.Services.Stored;

namespace SwarmOps.Tests.Unit.Monitoring;

/// <summary>What a swarm still has of monitoring after a run that was interrupted.</summary>
public sealed class MonitoringStoreTests
{
    [Fact]
    public void Every_cluster_with_a_secret_has_the_account_whatever_the_definition_says()
    {
        var store = new MonitoringStore(
            null!,
            [],
            [
                Secret("monitoring", "shop", 1),
                Secret("monitoring", "shop", 2),
                Secret("monitoring", "old", 1),
                Secret("other", "elsewhere", 1),
                Secret("monitoring", null, 1),
            ]
        );

        Assert.Equal(["shop", "old"], store.ClustersOf("monitoring"));
        Assert.Empty(store.ClustersOf("none"));
    }

    private static StoredItem Secret(string monitoring, string? cluster, int version)
    {
        var labels = new JsonObject { [MonitoringNames.NameLabel] = monitoring, [StoredItem.VersionLabel] = $"{version}" };
        if (cluster is not null)
            labels[MonitoringNames.ClusterLabel] = cluster;
        return new StoredItem(
            StoredKind.Secret,
            new JsonObject
            {
                ["ID"] = "id",
                ["Spec"] = new JsonObject { ["Labels"] = labels },
            }
        );
    }
}
