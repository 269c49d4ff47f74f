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
    /// <param name="listed">The node as just read, which saves reading it: the engine rejects the change when it is out of date. Null reads it.</param>
    /// <returns>Whether anything was sent.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors; <c>EngineRequestFailed</c>.</exception>
    public static async Task<bool> UpdateAsync(
        INodeConnection manager,
        string nodeId,
        Func<NodeUpdateParameters, bool> change,
        CancellationToken cancellationToken,
        NodeListResponse? listed = null
    )
    {
        if (listed is not null && await TryUpdateListedAsync(manager, listed, change, cancellationToken).ConfigureAwait(false))
            return true;
        for (var attempt = 1; ; attempt++)
        {
            var member = await manager
                .AskAsync(engine => engine.Swarm.InspectNodeAsync(nodeId, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            var spec = CopySpec(member);
            if (!change(spec))
                return false;
            try
            {
                await SendAsync(manager, member, spec, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (SwarmOpsException error) when (attempt < Attempts && IsOutOfSequence(error))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<bool> TryUpdateListedAsync(
        INodeConnection manager,
        NodeListResponse listed,
        Func<NodeUpdateParameters, bool> change,
        CancellationToken cancellationToken
    )
    {
        var spec = CopySpec(listed);
        if (!change(spec))
            return false;
        try
        {
            await SendAsync(manager, listed, spec, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SwarmOpsException error) when (IsOutOfSequence(error))
        {
            return false;
        }
    }

    private static Task SendAsync(
        INodeConnection manager,
        NodeListResponse member,
        NodeUpdateParameters spec,
        CancellationToken cancellationToken
    ) =>
        manager.TellAsync(
            engine => engine.Swarm.UpdateNodeAsync(member.ID, member.Version?.Index ?? 0, spec, cancellationToken),
            cancellationToken
        );

    /// <summary>A copy, since what was read may be used again.</summary>
    private static NodeUpdateParameters CopySpec(NodeListResponse member) =>
        new()
        {
            Name = member.Spec?.Name,
            Labels = new Dictionary<string, string>(member.Spec?.Labels ?? new Dictionary<string, string>()),
            Role = member.Spec?.Role,
            Availability = member.Spec?.Availability,
        };

    /// <summary>The engine's error for a version that is out of date.</summary>
    private static bool IsOutOfSequence(SwarmOpsException error) =>
        error.InnerException is DockerApiException { StatusCode: HttpStatusCode.InternalServerError or HttpStatusCode.Conflict } api
        && api.ResponseBody?.Contains("out of sequence", StringComparison.OrdinalIgnoreCase) is true;
}
