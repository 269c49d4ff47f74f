using System.Text.Json.Nodes;

namespace SwarmOps.Transport;

/// <summary>The containers of one engine, in the JSON of the Engine API (docs/architecture.md, "One client for a resource").</summary>
/// <param name="connection">The node.</param>
internal sealed class EngineContainers(INodeConnection connection)
{
    private const string Containers = "/containers";

    /// <summary>The containers that match filters, as the engine lists them.</summary>
    /// <param name="filters">Values by the name of a filter, such as <c>label</c>.</param>
    /// <param name="all">Whether those that do not run are listed too.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<JsonNode>> ListAsync(
        IReadOnlyDictionary<string, IEnumerable<string>> filters,
        bool all,
        CancellationToken cancellationToken
    )
    {
        var query = new JsonObject(
            filters.Select(filter =>
                KeyValuePair.Create(filter.Key, (JsonNode?)new JsonArray([.. filter.Value.Select(value => (JsonNode)value)]))
            )
        );
        var path = $"{Containers}/json?filters={Uri.EscapeDataString(query.ToJsonString())}{(all ? "&all=true" : "")}";
        var found = await connection.AskJsonAsync(api => api.GetAsync(path, cancellationToken), cancellationToken).ConfigureAwait(false);
        return [.. (found as JsonArray ?? []).OfType<JsonNode>()];
    }

    /// <summary>Creates a container.</summary>
    /// <param name="specification">Its settings, as the engine takes them.</param>
    /// <param name="name">Its name; null lets the engine choose one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<string> CreateAsync(JsonObject specification, string? name, CancellationToken cancellationToken)
    {
        var path = $"{Containers}/create{(name is null ? "" : $"?name={Uri.EscapeDataString(name)}")}";
        return (string?)(await PostAsync(path, specification, cancellationToken).ConfigureAwait(false))?["Id"] ?? "";
    }

    /// <summary>Starts a container.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task StartAsync(string id, CancellationToken cancellationToken) => PostAsync($"{Containers}/{id}/start", [], cancellationToken);

    /// <summary>Reads a container's state and settings.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task<JsonNode> InspectAsync(string id, CancellationToken cancellationToken) =>
        connection.AskJsonAsync(api => api.GetAsync($"{Containers}/{id}/json", cancellationToken), cancellationToken);

    /// <summary>Waits until a container has exited.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<int> WaitAsync(string id, CancellationToken cancellationToken) =>
        (int?)(await PostAsync($"{Containers}/{id}/wait", [], cancellationToken).ConfigureAwait(false))?["StatusCode"] ?? 0;

    /// <summary>The last line of a container's log.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task<string> LastLineAsync(string id, CancellationToken cancellationToken) =>
        connection.AskJsonAsync(
            async api =>
            {
                using var response = await api.OpenAsync($"{Containers}/{id}/logs?stdout=true&stderr=true&tail=1", cancellationToken)
                    .ConfigureAwait(false);
                using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                return (await MultiplexedStream.ReadTextAsync(stream, outputOnly: false, cancellationToken).ConfigureAwait(false)).Trim();
            },
            cancellationToken
        );

    /// <summary>A container's log from a time on.</summary>
    /// <param name="id">The container.</param>
    /// <param name="since">Seconds since 1970 on its host's clock.</param>
    /// <param name="most">How many lines at most, the last ones.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task<string> LogAsync(string id, long since, int most, CancellationToken cancellationToken) =>
        connection.AskJsonAsync(
            async api =>
            {
                using var response = await api.OpenAsync(
                        FormattableString.Invariant($"{Containers}/{id}/logs?stdout=true&stderr=true&tail={most}&since={since}"),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                return await MultiplexedStream.ReadTextAsync(stream, outputOnly: false, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken
        );

    /// <summary>Kills a container's first process (SIGKILL).</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task KillAsync(string id, CancellationToken cancellationToken) =>
        PostAsync($"{Containers}/{id}/kill?signal=SIGKILL", [], cancellationToken);

    /// <summary>Removes a container, running or not, with its anonymous volumes.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        connection.AskJsonAsync(
            async api =>
            {
                await api.DeleteAsync($"{Containers}/{id}?force=true&v=true", cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    private Task<JsonNode?> PostAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        connection.AskJsonAsync(api => api.PostAsync(path, body, cancellationToken), cancellationToken);
}
