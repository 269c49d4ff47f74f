using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Docker.DotNet;

namespace SwarmOps.Transport;

/// <summary>
/// The engine's API as raw JSON, for documents that are read, changed and sent back whole: typed models drop every unknown field,
/// so a service of a newer engine would lose them at the first update. Which resource is asked by which client: docs/architecture.md.
/// </summary>
internal sealed class EngineApi(HttpMessageHandler handler, Uri endpoint, Version version) : IDisposable
{
    private readonly HttpMessageInvoker invoker = new(handler, disposeHandler: false);

    /// <summary>Reads a document.</summary>
    /// <param name="path">Path and query below the version, such as <c>/services?status=true</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="headers">Further request headers.</param>
    /// <exception cref="DockerApiException">The engine returned an error, as in Docker.DotNet.</exception>
    public async Task<JsonNode> GetAsync(
        string path,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? headers = null
    ) => await SendAsync(HttpMethod.Get, path, null, headers, cancellationToken).ConfigureAwait(false) ?? new JsonObject();

    /// <summary>Sends a document; the answer is null when the engine has none.</summary>
    /// <exception cref="DockerApiException">The engine returned an error.</exception>
    public Task<JsonNode?> PostAsync(
        string path,
        JsonNode body,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? headers = null
    ) => SendAsync(HttpMethod.Post, path, Document(body), headers, cancellationToken);

    /// <summary>Sends a file, such as the archive of an image; the answer is null when the engine has none, or several documents.</summary>
    /// <exception cref="DockerApiException">The engine returned an error.</exception>
    public Task<JsonNode?> PostAsync(string path, Stream file, string mediaType, CancellationToken cancellationToken) =>
        SendAsync(
            HttpMethod.Post,
            path,
            new StreamContent(file) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } },
            null,
            cancellationToken
        );

    /// <summary>Deletes the resource at a path.</summary>
    /// <exception cref="DockerApiException">The engine returned an error.</exception>
    public Task DeleteAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, path, null, null, cancellationToken);

    /// <summary>Opens a streamed answer, such as a log; the caller disposes the response.</summary>
    /// <param name="path">Path and query below the version.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="body">A document to send; null reads.</param>
    /// <param name="headers">Further request headers.</param>
    /// <param name="kind">How the answer is read, which decides how long it may be silent.</param>
    /// <exception cref="DockerApiException">The engine returned an error.</exception>
    public async Task<HttpResponseMessage> OpenAsync(
        string path,
        CancellationToken cancellationToken,
        JsonNode? body = null,
        IReadOnlyDictionary<string, string>? headers = null,
        EngineStreamKind kind = EngineStreamKind.Moving
    )
    {
        using var request = Request(body is null ? HttpMethod.Get : HttpMethod.Post, path, Document(body), headers);
        EngineCall.SetKind(request, kind);
        var response = await invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await RefusalAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a large file, such as an image, and opens the answer, which the caller disposes.</summary>
    /// <param name="path">Path and query below the version.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="method">POST where it is null.</param>
    /// <exception cref="DockerApiException">The engine returned an error.</exception>
    public async Task<HttpResponseMessage> UploadAsync(
        string path,
        HttpContent file,
        CancellationToken cancellationToken,
        HttpMethod? method = null
    )
    {
        using var request = Request(method ?? HttpMethod.Post, path, file, null);
        EngineCall.SetKind(request, EngineStreamKind.Bulk);
        var response = await invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await RefusalAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a document and takes over the connection, a new one: the stream is read and written, and closes it.</summary>
    /// <exception cref="DockerApiException">The engine returned an error.</exception>
    /// <exception cref="InvalidDataException">The connection was not handed over, as by a proxy that knows no upgrade.</exception>
    public async Task<Stream> TakeOverAsync(string path, JsonNode body, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Post, path, Document(body), null);
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.Add(new ProductHeaderValue("tcp"));
        EngineCall.SetKind(request, EngineStreamKind.Quiet);
        var response = await invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
            return await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using (response)
            throw response.IsSuccessStatusCode
                ? new InvalidDataException($"it answered HTTP {(int)response.StatusCode} to a request to switch protocols")
                : await RefusalAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => invoker.Dispose();

    private async Task<JsonNode?> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? body,
        IReadOnlyDictionary<string, string>? headers,
        CancellationToken cancellationToken
    )
    {
        using var request = Request(method, path, body, headers);
        using var response = await invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
            throw await RefusalAsync(response, cancellationToken).ConfigureAwait(false);
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        return string.IsNullOrWhiteSpace(text) ? null : Parse(text);
    }

    /// <summary>Some calls answer with plain text.</summary>
    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<DockerApiException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        return new DockerApiException(response.StatusCode, text);
    }

    private static StringContent? Document(JsonNode? body) =>
        body is null ? null : new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json", "utf-8"));

    private HttpRequestMessage Request(HttpMethod method, string path, HttpContent? body, IReadOnlyDictionary<string, string>? headers)
    {
        var request = new HttpRequestMessage(method, new Uri(endpoint, $"/v{version.ToString(2)}{path}")) { Content = body };
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
