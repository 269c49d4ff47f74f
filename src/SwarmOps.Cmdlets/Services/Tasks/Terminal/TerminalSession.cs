using SwarmOps.Transport;

namespace SwarmOps.Services.Tasks.Terminal;

/// <summary>Connects the user's terminal with a program in a container, until the program ends or the user leaves.</summary>
/// <param name="terminal">The user's terminal.</param>
/// <param name="program">The program.</param>
/// <param name="stream">The program's terminal.</param>
/// <param name="connection">Its node.</param>
internal sealed class TerminalSession(ITerminal terminal, RunningProgram program, Stream stream, INodeConnection connection)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the first size is sent: the engine knows the terminal only when the program has started.</summary>
    private const int MostSizeTries = 20;

    /// <summary>Runs the session.</summary>
    /// <param name="cancellationToken">Ends it, as when the user leaves.</param>
    /// <returns>Whether the program has ended; false when the user left.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var typing = DedicatedThread.Start(() => Type(end.Token));
        var showing = ShowAsync(end.Token);
        var sizing = FollowSizeAsync(end.Token);
        var first = await Task.WhenAny(showing, typing).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        var isLeft = await typing.ConfigureAwait(false);
        await sizing.ConfigureAwait(false);
        if (first == typing && isLeft)
            return false;
        await showing.ConfigureAwait(false);
        return true;
    }

    private Task<bool> ShowAsync(CancellationToken cancellationToken) =>
        connection.TranslateAsync(
            async () =>
            {
                var buffer = new byte[16 * 1024];
                int count;
                while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
                    terminal.Write(buffer.AsSpan(0, count));
                return true;
            },
            cancellationToken
        );

    /// <summary>Passes on what is typed; on a thread of its own, since a terminal can only be waited for by blocking.</summary>
    /// <returns>Whether the user left.</returns>
    private bool Type(CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        var keys = new LeaveKeys();
        while (!cancellationToken.IsCancellationRequested)
        {
            var count = terminal.Read(buffer, LookInterval);
            if (count < 0 || keys.Take(buffer.AsSpan(0, count), Environment.TickCount64) is not { } typed)
                return true;
            if (typed.Length == 0)
                continue;
            try
            {
                stream.WriteAsync(typed, cancellationToken).AsTask().GetAwaiter().GetResult();
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // The program has ended, or the connection has: the reading side knows which.
                return false;
            }
        }

        return cancellationToken.IsCancellationRequested;
    }

    /// <summary>Sends the size of the terminal at the beginning and whenever it changes.</summary>
    private async Task FollowSizeAsync(CancellationToken cancellationToken)
    {
        var (sent, tried, tries) = ((Width: 0, Height: 0), (Width: 0, Height: 0), 0);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (terminal.Size is { Width: > 0, Height: > 0 } size && size != sent && (size != tried || tries < MostSizeTries))
                {
                    (tries, tried) = (size == tried ? tries + 1 : 1, size);
                    await program.ResizeAsync(size.Width, size.Height, cancellationToken).ConfigureAwait(false);
                    sent = size;
                }
            }
            catch (SwarmOpsException)
            {
                // The size is no reason to end a session.
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(LookInterval, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
