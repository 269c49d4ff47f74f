using System.Text;
using System.Text.Json.Nodes;
using Docker.DotNet;
using SwarmOps.Transport;

namespace SwarmOps.Galera;

/// <summary>Asks an image on one node whether it can run a database there: the start script itself looks, in a container without network that is removed again.</summary>
/// <param name="connection">The node, which has the image.</param>
/// <param name="image">The image.</param>
internal sealed class GaleraImageTrial(INodeConnection connection, string image)
{
    /// <summary>Label of the containers.</summary>
    private const string Label = "swarmops.galera.image-trial";

    /// <summary>What is older was left by a run that was killed; a trial takes seconds.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    /// <summary>How long taking the container away may take, Ctrl+C or not.</summary>
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(10);

    /// <summary>Looks.</summary>
    /// <param name="isArbitrator">Whether it is to run garbd.</param>
    /// <param name="tls">Whether Galera is to encrypt.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is wrong with it; null for nothing.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<string?> RunAsync(bool isArbitrator, bool tls, CancellationToken cancellationToken)
    {
        await RemoveLeftAsync(cancellationToken).ConfigureAwait(false);
        string? id = null;
        try
        {
            var made = await AskAsync(api => api.PostAsync("/containers/create", Container(isArbitrator, tls), cancellationToken), cancellationToken).ConfigureAwait(false);
            id = (string?)made?["Id"];
            await AskAsync(api => api.PostAsync($"/containers/{id}/start", new JsonObject(), cancellationToken), cancellationToken).ConfigureAwait(false);
            var end = await AskAsync(api => api.PostAsync($"/containers/{id}/wait", new JsonObject(), cancellationToken), cancellationToken).ConfigureAwait(false);
            var code = (int?)end?["StatusCode"] ?? 0;
            return code == 0 ? null : await LastWordsAsync(id!, code, cancellationToken).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api)
        {
            var words = TransportErrors.MessageOf(api);
            return words.Contains("bash", StringComparison.Ordinal) && words.Contains("not found", StringComparison.Ordinal) ? "the image lacks bash" : words;
        }
        finally
        {
            if (id is not null)
                await RemoveAsync(id).ConfigureAwait(false);
        }
    }

    private JsonObject Container(bool isArbitrator, bool tls)
    {
        var variables = new JsonArray("GALERA_CHECK_ONLY=yes", "WSREP_CLUSTER_NAME=trial", "WSREP_CLUSTER_DNSNAME=trial");
        if (isArbitrator)
            variables.Add($"GALERA_ROLE={GaleraNames.ArbitratorRole}");
        if (tls)
            variables.Add("GALERA_TLS_FILE=none");
        return new JsonObject
        {
            ["Image"] = image,
            ["Entrypoint"] = new JsonArray("bash", "-c", GaleraScript.Start.Text, GaleraScript.Start.Name),
            ["Cmd"] = new JsonArray(),
            ["Env"] = variables,
            ["User"] = "0",
            ["Labels"] = new JsonObject { [Label] = "yes" },
            ["NetworkDisabled"] = true,
            ["HostConfig"] = new JsonObject { ["NetworkMode"] = "none", ["LogConfig"] = new JsonObject { ["Type"] = "json-file" } },
        };
    }

    /// <summary>The script says what is missing in its last line.</summary>
    private async Task<string> LastWordsAsync(string id, int exitCode, CancellationToken cancellationToken)
    {
        var written = await connection.AskJsonAsync(
            async api =>
            {
                using var response = await api.OpenAsync($"/containers/{id}/logs?stdout=true&stderr=true&tail=1", cancellationToken).ConfigureAwait(false);
                using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                using var text = new MemoryStream();
                await foreach (var (_, piece) in Transport.MultiplexedStream.ReadAsync(stream, cancellationToken).ConfigureAwait(false))
                    text.Write(piece);
                return Encoding.UTF8.GetString(text.ToArray()).Trim();
            },
            cancellationToken).ConfigureAwait(false);
        var start = written.IndexOf("the image lacks", StringComparison.Ordinal);
        return start >= 0 ? written[start..] : $"the start script ended with exit code {exitCode}{(written.Length > 0 ? $": {written}" : "")}";
    }

    private async Task RemoveLeftAsync(CancellationToken cancellationToken)
    {
        var filters = Uri.EscapeDataString(new JsonObject { ["label"] = new JsonArray(Label) }.ToJsonString());
        var found = await AskAsync(async api => (JsonNode?)await api.GetAsync($"/containers/json?all=true&filters={filters}", cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        var limit = DateTimeOffset.UtcNow - Longest;
        foreach (var container in (found as JsonArray ?? []).OfType<JsonNode>().Where(container => DateTimeOffset.FromUnixTimeSeconds((long?)container["Created"] ?? 0) < limit))
            await RemoveAsync((string?)container["Id"] ?? "").ConfigureAwait(false);
    }

    private async Task RemoveAsync(string id)
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
            // It has ended by itself, and the next trial on this node takes it away.
        }
    }

    private Task<JsonNode?> AskAsync(Func<EngineApi, Task<JsonNode?>> question, CancellationToken cancellationToken) => connection.AskJsonAsync(question, cancellationToken);
}
