using System.Collections.Concurrent;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace SwarmOps.Transport;

/// <summary>
/// An open SSH connection that finds out by itself when the other side is gone. TCP alone takes a quarter of an hour to notice a host that
/// was cut off, and never notices a stopped sshd; so every now and then the host is asked to run nothing.
/// </summary>
internal sealed class SshLink : IAsyncDisposable
{
    /// <summary>Long enough to cost nothing, short enough to end a wait on a dead node within half a minute.</summary>
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

    /// <summary>Whether it can be used, as far as is known.</summary>
    public bool IsAlive => closing is null && client.IsConnected;

    /// <summary>A session for a command, not started yet; give it back with <see cref="End"/>.</summary>
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

    /// <summary>Knows the output of a session that may hold the connection up.</summary>
    public void Watch(SshCommand session, SessionOutput output) => sessions.TryUpdate(session, output, null);

    /// <summary>Ends a session; waits for the other side to agree, a second at most.</summary>
    public void End(SshCommand session)
    {
        if (sessions.TryRemove(session, out var output))
            output?.Abandon();
        Quietly(session.Dispose);
    }

    /// <summary>Closes the connection without waiting; whatever still uses it breaks.</summary>
    public void Abandon() => _ = CloseAsync();

    /// <summary>Closes the connection; whatever still uses it breaks.</summary>
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

    /// <summary>SSH.NET does not tell its sessions that their own side has closed the connection: they would wait for ever.</summary>
    private bool DisposeAll()
    {
        // Closing waits for the thread that reads the connection, which may wait for a reader.
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
        catch (Exception exception) when (exception is SshException or InvalidOperationException or System.Net.Sockets.SocketException or NullReferenceException)
        {
            // It is gone, which is what was asked for. (SSH.NET dereferences null where two threads close the same thing.)
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            while (client.IsConnected)
            {
                await Task.Delay(ProbeInterval, closed.Token).ConfigureAwait(false);
                // While a slow reader holds the connection up no answer could come through; TCP watches meanwhile.
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
            await DedicatedThread.Start(() => SshExecution.Run(this, ":", null, closed.Token)).WaitAsync(ProbePatience, closed.Token).ConfigureAwait(false);
        }
        catch (TimeoutException) when (IsHeldUp)
        {
            // A reader became slow after it was asked.
        }
        catch (SshException exception) when (exception is not (SshConnectionException or SshOperationTimeoutException))
        {
            // It answered, if only that it will not open another session.
        }
    }
}
