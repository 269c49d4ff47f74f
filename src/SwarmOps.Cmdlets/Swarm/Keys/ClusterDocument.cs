using Docker.DotNet;
using Docker.DotNet.Models;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Keys;

/// <summary>The swarm's own document, <c>/swarm</c>: it is read, and sent back with what is to be rotated.</summary>
internal static class ClusterDocument
{
    private const int Attempts = 5;

    /// <summary>Reads it.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SwarmSession.AskManagerAsync"/>.</exception>
    public static Task<SwarmInspectResponse> ReadAsync(SwarmSession session) =>
        session.AskManagerAsync((manager, token) => manager.AskAsync(engine => engine.Swarm.InspectSwarmAsync(token), token));

    /// <summary>
    /// Sends a change, made on the document as it is now. The engine takes it only for the version that it was made on, so a change whose answer was lost, and which is sent again,
    /// is refused the second time, and not carried out twice.
    /// </summary>
    /// <param name="session">The swarm.</param>
    /// <param name="change">Makes the update; null when the document is as it should be.</param>
    /// <exception cref="SwarmOpsException"><c>SwarmSettingsChangedMeanwhile</c>, those of <see cref="SwarmSession.AskManagerAsync"/>.</exception>
    public static async Task UpdateAsync(SwarmSession session, Func<SwarmInspectResponse, SwarmUpdateParameters?> change)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var document = await ReadAsync(session).ConfigureAwait(false);
            if (change(document) is not { } update)
                return;
            update.Spec ??= document.Spec;
            update.Version = (long)(document.Version?.Index ?? 0);
            try
            {
                await session
                    .AskManagerAsync(
                        async (manager, token) =>
                        {
                            await manager.TellAsync(engine => engine.Swarm.UpdateSwarmAsync(update, token), token).ConfigureAwait(false);
                            return true;
                        }
                    )
                    .ConfigureAwait(false);
                return;
            }
            catch (SwarmOpsException error)
                when (error.InnerException is DockerApiException api
                    && TransportErrors.MessageOf(api).Contains("out of sequence", StringComparison.OrdinalIgnoreCase)
                )
            {
                session.Context.WriteVerbose("The swarm's settings were changed by someone else in the meantime; reading them again.");
            }
        }

        throw SwarmKeyErrors.SwarmSettingsChangedMeanwhile(session.SwarmId);
    }
}
