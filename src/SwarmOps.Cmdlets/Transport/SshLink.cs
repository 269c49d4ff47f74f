using System.Collections.Concurrent;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace SwarmOps.Transport;

/// <summary>
/// An open SSH connection that detects when the other side is gone. TCP alone takes 15 minutes to notice a host that
/// was cut off, and never notices a stopped sshd; so the host is asked to run an empty command at intervals.
/// </summary>
internal sealed class SshLink : IAsyncDisposable
{
    /// <summary>Long enough to cost little, short enough to end a wait on an unreachable node within half a minute.</summary>
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(10);

    private readonly SshClient client;
    private readonly ConcurrentDictionary<SshCommand, SessionOutput?> sessions = new();
    private readonly CancellationTokenSource closed = new();
    private Task? closing;

    /// <summary>Takes over a connected client.</summary>
    public SshLink(SshClient client)
    {
        this.client = client;
        _ = WatchAsync();
    }

    /// <summary>Whether the connection is usable, as far as known.</summary>
    public bool IsAlive => closing is null && client.IsConnected;

    /// <summary>A session for a command, not started yet; return it with <see cref="End"/>.</summary>
    /// <exception cref="SshConnectionException">The connection is closed.</exception>
    public SshCommand CreateSession(string commandLine)
    {
        var session = client.CreateCommand(commandLine);
        sessions.TryAdd(session, null);
        if (closing is null)
            return session;
        End(session);
        throw new SshConnectionException("The connection is closed.");
    }

    /// <summary>Registers the output of a session that may block the connection.</summary>
    public void Watch(SshCommand session, SessionOutput output) => sessions.TryUpdate(session, output, null);

    /// <summary>Ends a session; waits one second at most for the other side.</summary>
    public void End(SshCommand session)
    {
        if (sessions.TryRemove(session, out var output))
            output?.Abandon();
        Quietly(session.Dispose);
    }

    /// <summary>Closes the connection without waiting; pending calls fail.</summary>
    public void Abandon() => _ = CloseAsync();

    /// <summary>Closes the connection; pending calls fail.</summary>
    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    private Task CloseAsync()
    {
        lock (closed)
            return closing ??= CloseNowAsync();
    }

    private async Task CloseNowAsync()
    {
        await closed.CancelAsync().ConfigureAwait(false);
        await DedicatedThread.Start(DisposeAll).ConfigureAwait(false);
    }

    /// <summary>SSH.NET does not notify its sessions when this side closes the connection: they would wait forever.</summary>
    private bool DisposeAll()
    {
        // Closing waits for the thread that reads the connection, which may be blocked by a slow reader.
        foreach (var output in sessions.Values)
            output?.Abandon();
        Quietly(client.Dispose);
        foreach (var session in sessions.Keys)
            End(session);
        return true;
    }

    private static void Quietly(Action close)
    {
        try
        {
            close();
        }
        catch (Exception exception)
            when (exception is SshException or InvalidOperationException or System.Net.Sockets.SocketException or NullReferenceException)
        {
            // Already closed. (SSH.NET dereferences null when two threads close the same object.)
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            while (client.IsConnected)
            {
                await Task.Delay(ProbeInterval, closed.Token).ConfigureAwait(false);
                // While a slow reader blocks the connection, no answer could arrive; TCP keep-alive covers that time.
                if (!IsHeldUp)
                    await ProbeAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Closed by its owner.
        }
        catch (Exception)
        {
            Abandon();
        }
    }

    private bool IsHeldUp => sessions.Values.Any(output => output?.IsFull is true);

    private async Task ProbeAsync()
    {
        try
        {
            await DedicatedThread
                .Start(() => SshExecution.Run(this, ":", null, closed.Token))
                .WaitAsync(ProbePatience, closed.Token)
                .ConfigureAwait(false);
        }
        catch (TimeoutException) when (IsHeldUp)
        {
            // A reader became slow after the probe was sent.
        }
        catch (SshException exception) when (exception is not (SshConnectionException or SshOperationTimeoutException))
        {
            // The host answered, if only to refuse another session.
        }
    }
}
