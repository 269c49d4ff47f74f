using Renci.SshNet;

namespace SwarmOps.Transport;

/// <summary>
/// A bounded buffer for the output of an SSH session. SSH.NET's own buffer is unbounded. SSH.NET writes on the thread that reads its
/// connection, so a write that blocks here stops the connection, and by TCP flow control the program on the host.
/// </summary>
internal sealed class SessionOutput : Stream
{
    private const int Room = 1024 * 1024;

    private readonly object gate = new();
    private readonly Queue<ArraySegment<byte>> pieces = new();
    private ArraySegment<byte> first;
    private int waiting;
    private bool ended;
    private bool unread;

    /// <summary>Whether a write is blocked at this moment.</summary>
    public bool IsFull
    {
        get
        {
            lock (gate)
                return waiting >= Room && !ended && !unread;
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    /// <summary>Read by SSH.NET before it takes the rest as the command's result.</summary>
    public override long Length
    {
        get
        {
            lock (gate)
                return waiting;
        }
    }

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Replaces SSH.NET's own unbounded stream. The property has a private setter and is set before the command runs; a test fails if that changes.</summary>
    public static SessionOutput Replace(SshCommand command)
    {
        var output = new SessionOutput();
        typeof(SshCommand).GetProperty(nameof(SshCommand.OutputStream))!.GetSetMethod(nonPublic: true)!.Invoke(command, [output]);
        return output;
    }

    /// <summary>The reader is gone: buffered and incoming data is dropped, and blocked writers continue.</summary>
    public void Abandon()
    {
        lock (gate)
        {
            unread = true;
            pieces.Clear();
            first = default;
            waiting = 0;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Blocks until there is room.</summary>
    public override void Write(byte[] buffer, int offset, int count)
    {
        lock (gate)
        {
            while (waiting >= Room && !ended && !unread)
                Monitor.Wait(gate);
            if (ended || unread || count == 0)
                return;
            pieces.Enqueue(buffer.AsSpan(offset, count).ToArray());
            waiting += count;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Blocks until there is data; 0 when the session has ended.</summary>
    public override int Read(Span<byte> buffer)
    {
        lock (gate)
        {
            while (waiting == 0 && !ended && !unread)
                Monitor.Wait(gate);
            if (first.Count == 0 && !pieces.TryDequeue(out first))
                return 0;
            var count = Math.Min(buffer.Length, first.Count);
            first.AsSpan(0, count).CopyTo(buffer);
            first = first[count..];
            waiting -= count;
            Monitor.PulseAll(gate);
            return count;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>SSH.NET closes the stream when the session has ended; buffered data can still be read.</summary>
    protected override void Dispose(bool disposing)
    {
        lock (gate)
        {
            ended = true;
            Monitor.PulseAll(gate);
        }

        base.Dispose(disposing);
    }
}
