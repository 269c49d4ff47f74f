using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Access;

/// <summary>Changes a node's spec: reads it with its version, changes it, sends it whole, and retries when another writer was faster.</summary>
internal static class NodeSpecUpdater
{
    private const int Attempts = 5;

    /// <summary>Changes a node's spec.</summary>
    /// <param name="manager">A manager of the swarm.</param>
    /// <param name="nodeId">The node's id.</param>
    /// <param name="change">Changes the spec and says whether anything is different; it may be called again with a newer one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether anything was sent.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors; <c>EngineRequestFailed</c>.</exception>
    public static async Task<bool> UpdateAsync(
        INodeConnection manager,
        string nodeId,
        Func<NodeUpdateParameters, bool> change,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var member = await manager
                .AskAsync(engine => engine.Swarm.InspectNodeAsync(nodeId, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            var spec = member.Spec ?? new NodeUpdateParameters();
            spec.Labels ??= new Dictionary<string, string>();
            if (!change(spec))
                return false;
            try
            {
                await manager
                    .TellAsync(
                        engine => engine.Swarm.UpdateNodeAsync(nodeId, member.Version?.Index ?? 0, spec, cancellationToken),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                return true;
            }
            catch (SwarmOpsException error) when (attempt < Attempts && IsOutOfSequence(error))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The engine's error for a version that is out of date.</summary>
    private static bool IsOutOfSequence(SwarmOpsException error) =>
        error.InnerException is DockerApiException { StatusCode: HttpStatusCode.InternalServerError or HttpStatusCode.Conflict } api
        && api.ResponseBody?.Contains("out of sequence", StringComparison.OrdinalIgnoreCase) is true;
}
