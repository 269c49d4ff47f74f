using System.Net.Sockets;
using Polly;
using Polly.Retry;
using Renci.SshNet.Common;

namespace SwarmOps.Transport;

/// <summary>A node behind SSH: one connection for the engine's API and for commands, opened again when it broke.</summary>
internal sealed class SshTransport : INodeTransport
{
    /// <summary>sshd and SSH.NET both allow ten sessions a connection: what these leave is for the probe and for sessions that are just closing.</summary>
    private const int EngineStreams = 4;

    private const int CommandSessions = 4;

    /// <summary>sshd counts a session until it has cleaned up after it, a little longer than we do. A refused session has done nothing, so asking again is safe.</summary>
    private static readonly ResiliencePipeline SessionRetry = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 4,
            Delay = TimeSpan.FromMilliseconds(100),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<SshException>(TransportErrors.IsSessionRefused),
        })
        .Build();

    private readonly SshConnector connector;
    private readonly SemaphoreSlim connecting = new(1, 1);
    private readonly SemaphoreSlim commands = new(CommandSessions, CommandSessions);
    private readonly CancellationTokenSource closed = new();
    private SshLink? link;

    public SshTransport(SwarmNode node, EngineEndpoint endpoint, ConnectionOptions options) => connector = new SshConnector(node, endpoint, options);

    public Uri HttpEndpoint { get; } = new("http://localhost");

    public int MaxStreams => EngineStreams;

    public void Configure(SocketsHttpHandler handler)
    {
    }

    public async Task<Stream> OpenEngineStreamAsync(CancellationToken cancellationToken)
    {
        var open = await LinkAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await DialAsync(open, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!closed.IsCancellationRequested && exception is SshConnectionException or SshOperationTimeoutException or ObjectDisposedException or SocketException)
        {
            // The connection was dead and did not know it yet. Opening a stream changes nothing on the node, so once more is safe.
            await open.DisposeAsync().ConfigureAwait(false);
        }

        open = await LinkAsync(cancellationToken).ConfigureAwait(false);
        return await DialAsync(open, cancellationToken).ConfigureAwait(false);
    }

    public async Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken)
    {
        var open = await LinkAsync(cancellationToken).ConfigureAwait(false);
        var commandLine = ShellCommand.Remote(command, connector.User);
        return await SessionRetry.ExecuteAsync(
            async token =>
            {
                await commands.WaitAsync(token).ConfigureAwait(false);
                // The session is taken until the command has really ended, however early its caller goes away.
                var running = DedicatedThread.Start(() => SshExecution.Run(open.Client, commandLine, command.Input, token));
                _ = running.ContinueWith(_ => commands.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                return await running.WaitAsync(token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await closed.CancelAsync().ConfigureAwait(false);
        if (Interlocked.Exchange(ref link, null) is { } open)
            await open.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<Stream> DialAsync(SshLink open, CancellationToken cancellationToken) =>
        await SessionRetry.ExecuteAsync(async token => await DialStdioStream.OpenAsync(open.Client, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private async Task<SshLink> LinkAsync(CancellationToken cancellationToken)
    {
        if (link is { IsAlive: true } open)
            return open;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closed.Token);
        await connecting.WaitAsync(either.Token).ConfigureAwait(false);
        try
        {
            if (link is { IsAlive: true } opened)
                return opened;
            if (Interlocked.Exchange(ref link, null) is { } dead)
                await dead.DisposeAsync().ConfigureAwait(false);
            return await OpenLinkAsync(either.Token).ConfigureAwait(false);
        }
        finally
        {
            connecting.Release();
        }
    }

    private async Task<SshLink> OpenLinkAsync(CancellationToken cancellationToken)
    {
        var made = new SshLink(await connector.ConnectAsync(cancellationToken).ConfigureAwait(false));
        link = made;
        if (!closed.IsCancellationRequested)
            return made;
        // The pipeline ended in this very moment, and its end saw no connection to close.
        await made.DisposeAsync().ConfigureAwait(false);
        throw new OperationCanceledException(closed.Token);
    }
}
