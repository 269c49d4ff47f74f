using System.Text;
using System.Text.Json.Nodes;
using SwarmOps.Transport;

namespace SwarmOps.Galera;

/// <summary>Containers on one node that are made for one answer, have no network, and are removed again.</summary>
/// <param name="connection">The node.</param>
internal sealed class OneOffContainer(INodeConnection connection)
{
    /// <summary>How long taking a container away may take, Ctrl+C or not.</summary>
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(10);

    /// <summary>The containers with a label.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<JsonNode>> ListAsync(string label, CancellationToken cancellationToken)
    {
        var filters = Uri.EscapeDataString(new JsonObject { ["label"] = new JsonArray(label) }.ToJsonString());
        var found = await AskAsync(async api => (JsonNode?)await api.GetAsync($"/containers/json?all=true&filters={filters}", cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return [.. (found as JsonArray ?? []).OfType<JsonNode>()];
    }

    /// <summary>Makes a container that runs the start script.</summary>
    /// <param name="image">Its image, which the node has.</param>
    /// <param name="label">Label by which it is found again.</param>
    /// <param name="environment">Variables, as <c>NAME=value</c>.</param>
    /// <param name="arguments">Arguments of the script.</param>
    /// <param name="directory">A directory of the host that the container has as its data; null for none. One that is missing is an error, and is not made.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<string> CreateAsync(string image, string label, IEnumerable<string> environment, IEnumerable<string> arguments, string? directory, CancellationToken cancellationToken)
    {
        var host = new JsonObject { ["NetworkMode"] = "none", ["LogConfig"] = new JsonObject { ["Type"] = "json-file" } };
        if (directory is not null)
            host["Mounts"] = new JsonArray(new JsonObject { ["Type"] = "bind", ["Source"] = directory, ["Target"] = GaleraNames.DataTarget });
        var name = label.Split('=', 2);
        var body = new JsonObject
        {
            ["Image"] = image,
            ["Entrypoint"] = new JsonArray("bash", "-c", GaleraScript.Start.Text, GaleraScript.Start.Name),
            ["Cmd"] = new JsonArray([.. arguments.Select(argument => (JsonNode)argument)]),
            ["Env"] = new JsonArray([.. environment.Select(variable => (JsonNode)variable)]),
            ["User"] = "0",
            ["Labels"] = new JsonObject { [name[0]] = name.Length > 1 ? name[1] : "yes" },
            ["NetworkDisabled"] = true,
            ["HostConfig"] = host,
        };
        var made = await AskAsync(api => api.PostAsync("/containers/create", body, cancellationToken), cancellationToken).ConfigureAwait(false);
        return (string?)made?["Id"] ?? "";
    }

    /// <summary>Starts a container.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task StartAsync(string id, CancellationToken cancellationToken) => AskAsync(api => api.PostAsync($"/containers/{id}/start", new JsonObject(), cancellationToken), cancellationToken);

    /// <summary>How a container ended; null while it runs.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<int?> ExitCodeAsync(string id, CancellationToken cancellationToken)
    {
        var seen = await AskAsync(async api => (JsonNode?)await api.GetAsync($"/containers/{id}/json", cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return (bool?)seen?["State"]?["Running"] is true ? null : (int?)seen?["State"]?["ExitCode"] ?? 0;
    }

    /// <summary>The last line that a container wrote.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task<string> LastLineAsync(string id, CancellationToken cancellationToken) => connection.AskJsonAsync(
        async api =>
        {
            using var response = await api.OpenAsync($"/containers/{id}/logs?stdout=true&stderr=true&tail=1", cancellationToken).ConfigureAwait(false);
            using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            using var text = new MemoryStream();
            await foreach (var (_, piece) in Transport.MultiplexedStream.ReadAsync(stream, cancellationToken).ConfigureAwait(false))
                text.Write(piece);
            return Encoding.UTF8.GetString(text.ToArray()).Trim();
        },
        cancellationToken);

    /// <summary>Takes a container away; one that is left is found by its label.</summary>
    public async Task RemoveAsync(string id)
    {
        using var limit = new CancellationTokenSource(RemovalLimit);
        try
        {
            await connection.AskJsonAsync(
                async api =>
                {
                    await api.DeleteAsync($"/containers/{id}?force=true&v=true", limit.Token).ConfigureAwait(false);
                    return true;
                },
                limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is SwarmOpsException or OperationCanceledException)
        {
            // It ends by itself, and the next one on this node takes it away.
        }
    }

    private Task<JsonNode?> AskAsync(Func<EngineApi, Task<JsonNode?>> question, CancellationToken cancellationToken) => connection.AskJsonAsync(question, cancellationToken);
}
