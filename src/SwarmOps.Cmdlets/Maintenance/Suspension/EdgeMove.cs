using SwarmOps.GeoDns;
using SwarmOps.GeoDns.Drain;
using SwarmOps.Pipeline;
using SwarmOps.Services;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>Takes one node out of DNS and brings it back, by the operation of Set-SwarmEdge. The user has confirmed that as a part of the whole.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="nodes">The nodes of the swarm.</param>
/// <param name="name">The node.</param>
/// <param name="timeout">How long a name server may take, and the node to be seen healthy.</param>
/// <param name="throttleLimit">How many nodes are asked at the same time.</param>
internal sealed class EdgeMove(IOperationContext context, IReadOnlyList<SwarmNode> nodes, string name, TimeSpan timeout, int throttleLimit)
{
    /// <summary>Takes it out of the zones of edge services, and waits until resolvers have forgotten it.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SetEdgeOperation"/>.</exception>
    public Task LeaveAsync(IReadOnlyList<string> edges, bool isForced) => ForEachAsync(edges, isOut: true, isForced);

    /// <summary>Brings it back once it is seen healthy from other regions. A zone that was removed in the meantime is left out.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SetEdgeOperation"/>.</exception>
    public Task ReturnAsync(IReadOnlyList<string> edges) => ForEachAsync(edges, isOut: false, isForced: false);

    private async Task ForEachAsync(IReadOnlyList<string> edges, bool isOut, bool isForced)
    {
        foreach (var edge in edges)
        {
            var relayed = new RelayedContext(context, answer: true);
            try
            {
                await new SetEdgeOperation(
                    relayed,
                    new SetEdgeRequest(nodes, edge)
                    {
                        NodeNames = [name],
                        IsOut = isOut,
                        IsForced = isForced,
                        HealthTimeout = timeout,
                        Options = new ServiceOptions { Timeout = timeout, ThrottleLimit = throttleLimit },
                    }
                ).RunAsync().ConfigureAwait(false);
            }
            catch (SwarmOpsException error) when (!isOut && IsGone(error))
            {
                context.WriteVerbose($"'{name}' needs no return into DNS for '{edge}': {error.Message}");
            }

            if (relayed.Errors.Count > 0)
                throw relayed.Errors[0];
        }
    }

    private static bool IsGone(SwarmOpsException error) =>
        error.ErrorId
            is nameof(GeoDnsErrors.EdgeHasNoZone)
                or nameof(GeoDnsErrors.GeoDnsEdgeNotFound)
                or nameof(GeoDnsErrors.GeoDnsNodeUnknown);
}
