using System.Net;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.State;

/// <summary>Writes the Galera clusters of a swarm to the pipeline.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="throttleLimit">How many nodes are contacted at the same time.</param>
/// <param name="login">A database account for querying the servers; null for root with the clusters' secrets.</param>
internal sealed class GetGaleraOperation(IOperationContext context, int throttleLimit, NetworkCredential? login = null)
{
    /// <summary>Long enough for some transactions, short enough for an interactive user.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs the operation.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RunAsync(IReadOnlyList<SwarmNode> nodes, IReadOnlyList<NameFilter> names)
    {
        var swarm = await SwarmSession.OpenAsync(context, nodes, throttleLimit, Patience).ConfigureAwait(false);
        var reader = new GaleraReader(swarm, throttleLimit, login) { Window = Window };
        var clusters = await reader.ServicesAsync().ConfigureAwait(false);
        foreach (var missing in names.Where(name => !name.IsPattern && !clusters.Any(cluster => name.Matches(cluster.Key))))
            context.WriteError(GaleraErrors.GaleraNotFound(missing.Text, swarm.SwarmId));
        foreach (var cluster in clusters.Where(cluster => names.Count == 0 || names.Any(name => name.Matches(cluster.Key))).OrderBy(cluster => cluster.Key, StringComparer.Ordinal))
            context.WriteObject(await reader.ReadAsync(cluster.Key, [.. cluster]).ConfigureAwait(false));
    }
}
