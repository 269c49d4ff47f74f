using System.Buffers;
using System.IO.Pipelines;
using Renci.SshNet;

namespace SwarmOps.Transport;

/// <summary>
/// A stream to an engine through <c>docker system dial-stdio</c> in an SSH session. SSH.NET's own stream cannot be read asynchronously,
/// so a thread of its own pumps what arrives into a pipe that can.
/// </summary>
internal sealed class DialStdioStream : Stream
{
    private const string Command = "docker system dial-stdio";

    private readonly SshCommand command;
    private readonly IAsyncResult running;
    private readonly Stream input;
    private readonly Pipe received = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Stream reader;
    private bool anythingReceived;
    private int closed;

    private DialStdioStream(SshCommand command)
    {
        this.command = command;
        running = command.BeginExecute();
        input = command.CreateInputStream();
        reader = received.Reader.AsStream();
        _ = DedicatedThread.Start(Pump);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Starts the command and returns its stream.</summary>
    public static Task<DialStdioStream> OpenAsync(SshClient client, CancellationToken cancellationToken) =>
        DedicatedThread.RunAsync(() => new DialStdioStream(client.CreateCommand(Command)), cancellationToken);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => reader.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => reader.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => reader.Read(buffer, offset, count);

    /// <summary>Writing to the SSH socket blocks only while the peer's window is full, and requests are small.</summary>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            input.Write(buffer.Span);
            input.Flush();
            return ValueTask.CompletedTask;
        }
        catch (Exception exception) when (exception is not IOException)
        {
            throw new IOException("The SSH session to the engine is closed.", exception);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => input.Write(buffer, offset, count);

    public override void Flush() => input.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref closed, 1) == 0)
        {
            reader.Dispose();
            // Closing a channel waits for the other side: not on the caller's time.
            _ = DedicatedThread.Start(CloseSession);
        }

        base.Dispose(disposing);
    }

    private bool CloseSession()
    {
        try
        {
            input.Dispose();
            command.Dispose();
        }
        catch (Exception exception) when (exception is Renci.SshNet.Common.SshException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection went first.
        }

        return true;
    }

    private bool Pump()
    {
        Exception? failure = null;
        try
        {
            var buffer = new byte[16384];
            int count;
            while ((count = command.OutputStream.Read(buffer, 0, buffer.Length)) > 0)
            {
                anythingReceived = true;
                received.Writer.Write(buffer.AsSpan(0, count));
                received.Writer.FlushAsync().AsTask().Wait();
            }

            if (!anythingReceived)
                failure = WhyItEnded();
        }
        catch (Exception exception)
        {
            failure = exception as IOException ?? new IOException("The SSH session to the engine broke.", exception);
        }

        received.Writer.Complete(failure);
        return true;
    }

    private EngineDialException WhyItEnded()
    {
        try
        {
            command.EndExecute(running);
        }
        catch (Exception exception) when (closed != 0 || exception is Renci.SshNet.Common.SshException or OperationCanceledException or ObjectDisposedException)
        {
            return new EngineDialException(null, exception.Message);
        }

        return new EngineDialException(command.ExitStatus, command.Error.Trim());
    }
}
