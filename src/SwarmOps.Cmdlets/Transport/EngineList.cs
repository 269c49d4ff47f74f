using System.Text.Json.Nodes;

namespace SwarmOps.Transport;

/// <summary>A list that an engine has begun to send.</summary>
internal sealed class EngineList : IDisposable
{
    private readonly HttpResponseMessage answer;

    private EngineList(INodeConnection connection, HttpResponseMessage answer)
    {
        Connection = connection;
        this.answer = answer;
    }

    /// <summary>The node whose engine sends it.</summary>
    public INodeConnection Connection { get; }

    /// <summary>Asks for a list; returns as soon as the answer begins.</summary>
    /// <param name="connection">The node.</param>
    /// <param name="path">Path and query below the version, such as <c>/tasks</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SwarmOpsException">Any of <see cref="TransportErrors"/>.</exception>
    public static Task<EngineList> OpenAsync(INodeConnection connection, string path, CancellationToken cancellationToken) =>
        connection.AskJsonAsync(
            async api => new EngineList(
                connection,
                await api.OpenAsync(path, cancellationToken, kind: EngineStreamKind.None).ConfigureAwait(false)
            ),
            cancellationToken
        );

    /// <summary>Reads it to its end. The engine is read no faster than the elements are processed.</summary>
    /// <param name="each">Processes an element.</param>
    /// <param name="patience">How long the engine may pause.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="SwarmOpsException">Any of <see cref="TransportErrors"/>; <c>EngineAnswerInvalid</c> when it is no list or is cut off.</exception>
    public async Task ForEachAsync(Func<JsonNode, ValueTask> each, TimeSpan patience, CancellationToken cancellationToken)
    {
        var body = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var reader = new JsonArrayReader(body, patience);
        while (await NextAsync(reader, cancellationToken).ConfigureAwait(false) is { } element)
            await each(element).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => answer.Dispose();

    private ValueTask<JsonNode?> NextAsync(JsonArrayReader reader, CancellationToken cancellationToken) =>
        new(Connection.TranslateAsync(() => reader.NextAsync(cancellationToken).AsTask(), cancellationToken));
}
