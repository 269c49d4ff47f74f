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
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource closed = new();
    private int disposed;

    /// <summary>Takes over a connected client.</summary>
    public SshLink(SshClient client)
    {
        Client = client;
        _ = WatchAsync();
    }

    /// <summary>The connected client.</summary>
    public SshClient Client { get; }

    /// <summary>Whether it can be used, as far as is known.</summary>
    public bool IsAlive => disposed == 0 && Client.IsConnected;

    /// <summary>Closes the connection; whatever still uses it breaks.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
            return;
        await closed.CancelAsync().ConfigureAwait(false);
        await DedicatedThread.Start(Close).ConfigureAwait(false);
    }

    private bool Close()
    {
        try
        {
            Client.Dispose();
        }
        catch (Exception exception) when (exception is SshException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            // It is gone, which is what was asked for.
        }

        return true;
    }

    private async Task WatchAsync()
    {
        try
        {
            while (Client.IsConnected)
            {
                await Task.Delay(ProbeInterval, closed.Token).ConfigureAwait(false);
                await ProbeAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Closed by its owner.
        }
        catch (Exception)
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task ProbeAsync()
    {
        try
        {
            await DedicatedThread.Start(() => SshExecution.Run(Client, ":", null, closed.Token)).WaitAsync(ProbePatience, closed.Token).ConfigureAwait(false);
        }
        catch (SshException exception) when (exception is not (SshConnectionException or SshOperationTimeoutException))
        {
            // It answered, if only that it will not open another session.
        }
    }
}
