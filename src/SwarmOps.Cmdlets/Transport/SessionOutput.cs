using Renci.SshNet;

namespace SwarmOps.Transport;

/// <summary>
/// What an SSH session has written and nobody has read yet: so much and no more. SSH.NET keeps all that arrives, and calls this on the thread that reads its
/// connection; a write that waits here holds up the connection, TCP that of the host, and so whatever writes there.
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

    /// <summary>Whether the connection is held up at this moment.</summary>
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

    /// <summary>What SSH.NET asks before it takes the rest as the command's result.</summary>
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

    /// <summary>Takes the place of SSH.NET's own stream, which has no bound. The property has a private setter and is made before the command runs; a test fails should that change.</summary>
    public static SessionOutput Replace(SshCommand command)
    {
        var output = new SessionOutput();
        typeof(SshCommand).GetProperty(nameof(SshCommand.OutputStream))!.GetSetMethod(nonPublic: true)!.Invoke(command, [output]);
        return output;
    }

    /// <summary>Nobody reads any more: what is there and what comes is dropped, and who waits goes on.</summary>
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

    /// <summary>Waits until there is room.</summary>
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

    /// <summary>Waits until there is something; 0 when the session has ended.</summary>
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

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>SSH.NET closes it when the session has ended; what has been written can still be read.</summary>
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
