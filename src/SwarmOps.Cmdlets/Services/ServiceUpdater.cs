using System.Net;
using System.Text.Json.Nodes;
using Docker.DotNet;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Services;

/// <summary>Creates and updates services: always sends the whole specification with the version it was read at, and tries again after a concurrent change.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="registryAuth">The credential for the image's registry; the swarm sends it to the nodes with the tasks.</param>
internal sealed class ServiceUpdater(SwarmSession swarm, string? registryAuth = null)
{
    private const int Attempts = 5;

    /// <summary>Whether to send the credential even if nothing else differs.</summary>
    public bool RenewsLogin { get; init; }

    /// <summary>Creates a service.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="SwarmOpsException"><c>ServiceRefused</c>, <c>ServicePortTaken</c>, the transport's errors.</exception>
    public async Task<string> CreateAsync(JsonObject spec)
    {
        var name = (string?)spec["Name"] ?? "";
        try
        {
            var answer = await swarm
                .AskAsync((api, token) => api.PostAsync("/services/create", spec, token, Headers))
                .ConfigureAwait(false);
            return (string?)answer?["ID"] ?? name;
        }
        catch (SwarmOpsException error) when (IsNameTaken(error))
        {
            // Created a moment ago: by an earlier attempt of this call whose response was lost, or by someone else. The update below compares it.
            return name;
        }
        catch (SwarmOpsException error) when (Refusal(name, spec, error) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Updates a service.</summary>
    /// <param name="nameOrId">The service.</param>
    /// <param name="change">Returns the wanted specification; called again if the service has changed. Null if there is nothing to do.</param>
    /// <param name="rollback">Whether the engine should roll back to the previous specification.</param>
    /// <returns>Whether an update was sent.</returns>
    /// <exception cref="SwarmOpsException"><c>ServiceNotFound</c>, <c>ServiceChangedMeanwhile</c>, <c>ServiceRefused</c>, <c>ServicePortTaken</c>, the transport's errors.</exception>
    public async Task<bool> UpdateAsync(string nameOrId, Func<ServiceState, JsonObject?> change, bool rollback = false)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var service =
                await ServiceReader.FindAsync(swarm, nameOrId).ConfigureAwait(false)
                ?? throw ServiceErrors.ServiceNotFound(nameOrId, swarm.SwarmId);
            if (change(service) is not { } spec)
                return false;
            if (!rollback && !RenewsLogin && SpecDifferences.List(service.Spec, spec).Count == 0)
                return false;
            var path =
                $"/services/{service.Id}/update?version={service.Version}{(rollback ? "&rollback=previous" : "")}{(registryAuth is null ? "&registryAuthFrom=spec" : "")}";
            try
            {
                await swarm.AskAsync((api, token) => api.PostAsync(path, spec, token, Headers)).ConfigureAwait(false);
                return true;
            }
            catch (SwarmOpsException error) when (IsOutOfSequence(error))
            {
                swarm.Context.WriteVerbose($"The service '{service.Name}' was changed by someone else in the meantime; reading it again.");
                await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt), swarm.Context.CancellationToken).ConfigureAwait(false);
            }
            catch (SwarmOpsException error) when (Refusal(service.Name, spec, error) is { } refusal)
            {
                throw refusal;
            }
        }

        throw ServiceErrors.ServiceChangedMeanwhile(nameOrId);
    }

    private Dictionary<string, string>? Headers =>
        registryAuth is null ? null : new Dictionary<string, string> { ["X-Registry-Auth"] = registryAuth };

    private static bool IsOutOfSequence(SwarmOpsException error) =>
        error.InnerException is DockerApiException api
        && TransportErrors.MessageOf(api).Contains("out of sequence", StringComparison.OrdinalIgnoreCase);

    private static bool IsNameTaken(SwarmOpsException error) =>
        error.InnerException is DockerApiException { StatusCode: HttpStatusCode.Conflict } api
        && TransportErrors.MessageOf(api).Contains("name conflicts", StringComparison.OrdinalIgnoreCase);

    private static SwarmOpsException? Refusal(string name, JsonObject spec, SwarmOpsException error)
    {
        if (error.InnerException is not DockerApiException { StatusCode: not HttpStatusCode.ServiceUnavailable } api)
            return null;
        var words = Masking.Text(TransportErrors.MessageOf(api), SpecSecrets.Known(spec));
        return words.Contains("already in use", StringComparison.OrdinalIgnoreCase)
            ? ServiceErrors.ServicePortTaken(name, words)
            : ServiceErrors.ServiceRefused(name, words);
    }
}
