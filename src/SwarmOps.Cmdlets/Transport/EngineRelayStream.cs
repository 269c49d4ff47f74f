using System.IO.Pipelines;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace SwarmOps.Transport;

/// <summary>
/// A stream to an engine through a relay (EngineRelay.sh) in an SSH session. SSH.NET's own stream cannot be read asynchronously,
/// so a dedicated thread copies incoming data to a pipe that can.
/// </summary>
internal sealed class EngineRelayStream : Stream
{
    private static readonly Lazy<string> Command = new(() => $"sh -c {ShellCommand.Quote(EmbeddedText.Read("EngineRelay.sh"))}");

    /// <summary>How long a failed write waits for the command's exit status.</summary>
    private static readonly TimeSpan VerdictPatience = TimeSpan.FromSeconds(2);

    /// <summary>How many received bytes are buffered for the reader.</summary>
    private const int MostUnread = 1024 * 1024;

    private readonly SshLink link;
    private readonly SshCommand command;
    private readonly IAsyncResult running;
    private readonly Stream? input;
    private readonly SessionOutput output;
    private readonly bool ownsLink;
    private readonly Pipe received = new(new PipeOptions(pauseWriterThreshold: MostUnread, resumeWriterThreshold: MostUnread / 2));
    private readonly Stream reader;
    private readonly Task<IOException?> ended;
    private bool anythingReceived;
    private int closed;

    private EngineRelayStream(SshLink link, SshCommand command, bool ownsLink)
    {
        (this.link, this.command, this.ownsLink) = (link, command, ownsLink);
        output = SessionOutput.Replace(command);
        link.Watch(command, output);
        running = command.BeginExecute();
        input = OpenInput(command);
        reader = received.Reader.AsStream();
        ended = DedicatedThread.Start(Pump);
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
    /// <param name="link">The connection.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="ownsLink">Whether the connection is closed with the stream.</param>
    public static Task<EngineRelayStream> OpenAsync(SshLink link, CancellationToken cancellationToken, bool ownsLink = false) =>
        DedicatedThread.MakeAsync(() => Open(link, ownsLink), cancellationToken);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        reader.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        reader.ReadAsync(buffer, offset, count, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => reader.Read(buffer, offset, count);

    /// <summary>Writing to the SSH socket blocks only while the peer's window is full, and requests are small.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (ended.IsCompleted || !TryWrite(buffer.Span))
            throw await WhyItEndedAsync(cancellationToken).ConfigureAwait(false);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (!TryWrite(buffer.AsSpan(offset, count)))
            throw new IOException("The SSH session to the engine is closed.");
    }

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref closed, 1) == 0)
        {
            received.Reader.CancelPendingRead();
            output.Abandon();
            // Closing a channel waits for the other side; the caller does not.
            _ = DedicatedThread.Start(CloseSession);
        }

        base.Dispose(disposing);
    }

    private static EngineRelayStream Open(SshLink link, bool ownsLink)
    {
        var command = link.CreateSession(Command.Value);
        try
        {
            return new EngineRelayStream(link, command, ownsLink);
        }
        catch
        {
            link.End(command);
            throw;
        }
    }

    /// <summary>Null when the command has already ended, as it does at once where docker is not installed.</summary>
    private static Stream? OpenInput(SshCommand command)
    {
        try
        {
            return command.CreateInputStream();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (input is null)
                return false;
            input.Write(bytes);
            return true;
        }
        catch (Exception exception) when (exception is SshException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private async Task<IOException> WhyItEndedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ended.WaitAsync(VerdictPatience, cancellationToken).ConfigureAwait(false)
                ?? new IOException("The SSH session to the engine is closed.");
        }
        catch (TimeoutException)
        {
            return new IOException("The SSH session to the engine is closed.");
        }
    }

    private bool CloseSession()
    {
        // Completes the pipe's reader too, which releases a pump that waits for room.
        reader.Dispose();
        if (ownsLink)
            link.Abandon();
        else
            link.End(command);
        return true;
    }

    /// <summary>Copies incoming data to the pipe until the session ends; returns the error that ended it, if any.</summary>
    private IOException? Pump()
    {
        IOException? failure;
        try
        {
            MoveAll();
            failure = Verdict();
        }
        catch (Exception exception)
        {
            failure = exception as IOException ?? new IOException("The SSH session to the engine broke.", exception);
        }

        received.Writer.Complete(failure);
        return failure;
    }

    private void MoveAll()
    {
        int count;
        while ((count = output.Read(received.Writer.GetSpan())) > 0)
        {
            anythingReceived = true;
            received.Writer.Advance(count);
            // Blocks while too much is unread; this is a dedicated thread.
            if (received.Writer.FlushAsync().AsTask().GetAwaiter().GetResult().IsCompleted)
                return;
        }
    }

    private IOException? Verdict()
    {
        try
        {
            command.EndExecute(running);
        }
        catch (Exception exception)
            when (exception is SshException or OperationCanceledException or InvalidOperationException or System.Net.Sockets.SocketException
            )
        {
            return closed != 0 ? null : new IOException("The SSH session to the engine broke.", exception);
        }

        if (closed != 0)
            return null;
        if (!anythingReceived)
            return new EngineDialException(command.ExitStatus, command.Error.Trim());
        // The data so far may look complete: an answer without a length ends with its connection.
        return command.ExitStatus is null ? new IOException("The SSH session to the engine broke.") : null;
    }
}
