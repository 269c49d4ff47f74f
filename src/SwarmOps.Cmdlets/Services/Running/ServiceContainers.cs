using SwarmOps.Transport;

namespace SwarmOps.Services.Running;

/// <summary>The containers of a service on one node, according to its engine: a container that the swarm reports as shut down, or has lost contact with, may still be writing.</summary>
internal static class ServiceContainers
{
    /// <summary>The containers in given states.</summary>
    /// <param name="connection">The node.</param>
    /// <param name="serviceId">The service.</param>
    /// <param name="states">Docker's states of a container.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Their ids.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyList<string>> ListAsync(
        INodeConnection connection,
        string serviceId,
        IEnumerable<string> states,
        CancellationToken cancellationToken
    )
    {
        var filters = new Dictionary<string, IEnumerable<string>>
        {
            ["label"] = [$"com.docker.swarm.service.id={serviceId}"],
            ["status"] = states,
        };
        var found = await new EngineContainers(connection).ListAsync(filters, all: true, cancellationToken).ConfigureAwait(false);
        return [.. found.Select(container => (string?)container["Id"]).OfType<string>()];
    }
}
