namespace SwarmOps.Transport;

/// <summary>What is open between two resets.</summary>
internal sealed class OpenNode(SwarmNode node, INodeTransport transport, TimeSpan connectTimeout) : IAsyncDisposable
{
    public INodeTransport Transport => transport;

    /// <summary>Whether the next pipeline may take it over as it is.</summary>
    public bool CanBeKept => transport.CanBeKept && Engine.IsOpen;

    /// <summary>When it was last asked for.</summary>
    public DateTimeOffset LastUsed { get; set; }

    public SharedAttempt<OpenEngine> Engine { get; } =
        new(token => ConnectAsync(node, transport, connectTimeout, token), static _ => true, Close);

    public async ValueTask DisposeAsync()
    {
        // The connection first: closing its streams is then quick, even when the other side no longer answers.
        await transport.DisposeAsync().ConfigureAwait(false);
        await Engine.DisposeAsync().ConfigureAwait(false);
    }

    private static ValueTask Close(OpenEngine engine)
    {
        engine.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<OpenEngine> ConnectAsync(
        SwarmNode node,
        INodeTransport transport,
        TimeSpan connectTimeout,
        CancellationToken cancellationToken
    )
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(connectTimeout);
        return await EngineHandshake.ConnectAsync(node, transport, timeout.Token).ConfigureAwait(false);
    }
}
