using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.State;

/// <summary>Writes the Galera clusters of a swarm to the pipeline.</summary>
internal sealed class GetGaleraOperation(IOperationContext context, GetGaleraRequest request)
{
    /// <summary>Long enough for some transactions, short enough for an interactive user.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    /// <summary>Runs the operation.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var reader = new GaleraReader(swarm, request.ThrottleLimit, request.Login) { Window = Window };
        var clusters = await reader.ServicesAsync().ConfigureAwait(false);
        var chosen = request.Names.Choose(
            context,
            [.. clusters],
            cluster => cluster.Key,
            name => GaleraErrors.GaleraNotFound(name, swarm.SwarmId)
        );
        foreach (var cluster in chosen.OrderBy(cluster => cluster.Key, StringComparer.Ordinal))
            context.WriteObject(await reader.ReadAsync(cluster.Key, [.. cluster]).ConfigureAwait(false));
    }
}
