using System.Net.Sockets;
using Polly;
using Polly.Retry;
using Renci.SshNet.Common;

namespace SwarmOps.Transport;

/// <summary>A node over SSH: one connection for the engine's API and for commands, reopened when it breaks.</summary>
internal sealed class SshTransport : INodeTransport
{
    /// <summary>sshd and SSH.NET both allow ten sessions per connection: the rest is for the probe and for sessions that are closing.</summary>
    private const int EngineStreams = 4;

    private const int CommandSessions = 4;

    /// <summary>sshd counts a session until its cleanup is complete, slightly longer than SwarmOps does. A refused session has done nothing, so a retry is safe.</summary>
    private static readonly ResiliencePipeline SessionRetry = new ResiliencePipelineBuilder()
        .AddRetry(
            new RetryStrategyOptions
            {
                MaxRetryAttempts = 4,
                Delay = TimeSpan.FromMilliseconds(100),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder().Handle<SshException>(TransportErrors.IsSessionRefused),
            }
        )
        .Build();

    private readonly SshConnector connector;
    private readonly SharedAttempt<SshLink> link;
    private readonly SemaphoreSlim commands = new(CommandSessions, CommandSessions);

    public SshTransport(SwarmNode node, EngineEndpoint endpoint, ConnectionOptions options)
    {
        connector = new SshConnector(node, endpoint, options);
        link = new SharedAttempt<SshLink>(
            async token => new SshLink(await connector.ConnectAsync(token).ConfigureAwait(false)),
            open => open.IsAlive,
            open => open.DisposeAsync()
        );
    }

    public Uri HttpEndpoint { get; } = new("http://localhost");

    public int MaxStreams => EngineStreams;

    public bool CanBeKept => link.IsOpen;

    public void Configure(SocketsHttpHandler handler) { }

    public async Task<Stream> OpenEngineStreamAsync(CancellationToken cancellationToken)
    {
        var open = await link.GetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await DialAsync(open, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is SshConnectionException or SshOperationTimeoutException or ObjectDisposedException or SocketException)
        {
            // The connection was already broken. Opening a stream changes nothing on the node, so one retry is safe.
            open.Abandon();
        }

        return await DialAsync(await link.GetAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    public async Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken)
    {
        var open = await link.GetAsync(cancellationToken).ConfigureAwait(false);
        var commandLine = ShellCommand.Remote(command, connector.User);
        var input = ShellCommand.NeedsInput(command) ? command.Input : null;
        return await SessionRetry
            .ExecuteAsync(
                async token =>
                {
                    await commands.WaitAsync(token).ConfigureAwait(false);
                    // The session stays in use until the command has ended, even when its caller has stopped waiting.
                    var running = DedicatedThread.Start(() => SshExecution.Run(open, commandLine, input, token));
                    _ = running.ContinueWith(
                        _ => commands.Release(),
                        CancellationToken.None,
                        TaskContinuationOptions.ExecuteSynchronously,
                        TaskScheduler.Default
                    );
                    return await running.WaitAsync(token).ConfigureAwait(false);
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>A connection of its own: SSH.NET reads everything that arrives, so back-pressure on the engine is possible only by blocking the whole connection.</summary>
    public async Task<Stream> OpenOwnStreamAsync(CancellationToken cancellationToken)
    {
        var own = new SshLink(await connector.ConnectAsync(cancellationToken).ConfigureAwait(false));
        try
        {
            return await EngineRelayStream.OpenAsync(own, cancellationToken, ownsLink: true).ConfigureAwait(false);
        }
        catch
        {
            own.Abandon();
            throw;
        }
    }

    public ValueTask DisposeAsync() => link.DisposeAsync();

    private static async Task<Stream> DialAsync(SshLink open, CancellationToken cancellationToken) =>
        await SessionRetry
            .ExecuteAsync(async token => await EngineRelayStream.OpenAsync(open, token).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
}
