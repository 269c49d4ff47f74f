namespace SwarmOps.Transport;

/// <summary>The body of an engine's answer: a read that takes too long fails with an error that names the call, unless the engine answers a ping.</summary>
/// <param name="inner">The body.</param>
/// <param name="call">The call, for messages.</param>
/// <param name="patience">How long a read may take.</param>
/// <param name="isAlive">Pings the engine; null when silence itself is an error.</param>
internal sealed class WatchedStream(Stream inner, string call, TimeSpan patience, Func<CancellationToken, Task<bool>>? isAlive) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var read = inner.ReadAsync(buffer, reading.Token);
            return read.IsCompleted
                ? await read.ConfigureAwait(false)
                : await WaitAsync(read.AsTask(), reading, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            EngineCall.Note(exception, call);
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private async Task<int> WaitAsync(Task<int> read, CancellationTokenSource reading, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await read.WaitAsync(patience, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!read.IsCompleted)
            {
                if (isAlive is not null && await isAlive(cancellationToken).ConfigureAwait(false))
                    continue;
            }

            // The read uses the caller's buffer, so it must have ended before returning.
            await reading.CancelAsync().ConfigureAwait(false);
            await read.ContinueWith(
                    static _ => { },
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                )
                .ConfigureAwait(false);
            throw new EngineSilentException(call, patience);
        }
    }
}
