using System.Management.Automation;
using SwarmOps.Completion;

namespace SwarmOps.Aws.Cluster;

/// <summary>Completes the names of the nodes in an AWS account that are of the clusters named in <c>-Cluster</c>.</summary>
public sealed class RegionNodeNameCompleter : NameCompleter
{
    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request)
    {
        var clusters = request
            .Texts(nameof(GetSwarmRegionNodeCommand.Cluster))
            .Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase))
            .ToList();
        return AccountNodes
            .Read(request)
            .Where(node => clusters.Count == 0 || clusters.Exists(cluster => cluster.IsMatch(node.Cluster)))
            .Select(node => new Candidate(node.Name, $"{node.Region}, {node.State}"));
    }
}
