using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Docker.DotNet;
using SwarmOps.Transport;

namespace SwarmOps.Services.Registry;

/// <summary>An image on one node's engine, pulled as for a swarm task: from the registry, or else the local image of this name.</summary>
/// <param name="connection">The node.</param>
/// <param name="image">The image, as in the service's specification.</param>
/// <param name="registryAuth">The credential for its registry, as the engine takes it; null for none.</param>
internal sealed class NodeImage(INodeConnection connection, string image, string? registryAuth)
{
    /// <summary>Has the engine pull the image.</summary>
    /// <param name="say">Receives the progress.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null if the image was pulled; otherwise why not, and the node uses its local image.</returns>
    /// <exception cref="SwarmOpsException"><c>ImageNotOnNode</c>, the transport's errors.</exception>
    public async Task<string?> PullAsync(Action<string> say, CancellationToken cancellationToken)
    {
        var why = await TryPullAsync(say, cancellationToken).ConfigureAwait(false);
        if (why is not null && !await IsThereAsync(cancellationToken).ConfigureAwait(false))
            throw ServiceErrors.ImageNotOnNode(connection.Node, image, why);
        return why;
    }

    /// <summary>Whether the engine has it.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        try
        {
            await connection
                .AskJsonAsync(api => api.GetAsync($"/images/{image}/json", cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            return true;
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            return false;
        }
    }

    private async Task<string?> TryPullAsync(Action<string> say, CancellationToken cancellationToken)
    {
        try
        {
            return await connection
                .AskJsonAsync(
                    async api =>
                    {
                        var headers = registryAuth is null ? null : new Dictionary<string, string> { ["X-Registry-Auth"] = registryAuth };
                        using var response = await api.OpenAsync(
                                $"/images/create?fromImage={Uri.EscapeDataString(image)}",
                                cancellationToken,
                                new JsonObject(),
                                headers
                            )
                            .ConfigureAwait(false);
                        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                        using var reader = new StreamReader(stream, Encoding.UTF8);
                        return await FollowAsync(reader, say, cancellationToken).ConfigureAwait(false);
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException api)
        {
            return TransportErrors.MessageOf(api);
        }
    }

    /// <summary>The engine writes one JSON document per line; an error can follow after the response has begun.</summary>
    internal static async Task<string?> FollowAsync(TextReader reader, Action<string> say, CancellationToken cancellationToken)
    {
        var layers = new Dictionary<string, (double Done, double Whole)>(StringComparer.Ordinal);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (Parse(line) is not { } message)
                continue;
            if ((string?)message["error"] is { Length: > 0 } error)
                return error;
            if (
                (string?)message["status"] != "Downloading"
                || (string?)message["id"] is not { } layer
                || (double?)message["progressDetail"]?["total"] is not ({ } whole and > 0)
            )
                continue;
            layers[layer] = ((double?)message["progressDetail"]?["current"] ?? 0, whole);
            say(
                FormattableString.Invariant(
                    $"{layers.Values.Sum(size => size.Done) / 1_000_000:0} of {layers.Values.Sum(size => size.Whole) / 1_000_000:0} MB"
                )
            );
        }

        return null;
    }

    private static JsonNode? Parse(string line)
    {
        try
        {
            return string.IsNullOrWhiteSpace(line) ? null : JsonNode.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
