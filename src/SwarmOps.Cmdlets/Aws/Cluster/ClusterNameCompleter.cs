using System.Globalization;
using SwarmOps.Completion;

namespace SwarmOps.Aws.Cluster;

/// <summary>Completes the names of the clusters in an AWS account.</summary>
public sealed class ClusterNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request) =>
        AccountNodes
            .Read(request)
            .GroupBy(node => node.Cluster, StringComparer.Ordinal)
            .Select(cluster => new Candidate(
                cluster.Key,
                Describe(
                    cluster.Count(),
                    cluster.Select(node => node.Region).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                )
            ));

    private static string Describe(int nodes, IEnumerable<string> regions) =>
        string.Create(CultureInfo.InvariantCulture, $"{nodes} {(nodes == 1 ? "node" : "nodes")} in {string.Join(", ", regions)}");
}
