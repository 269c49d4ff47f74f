using Renci.SshNet;

namespace SwarmOps.Transport;

/// <summary>A node behind SSH: one connection for the engine's API and for commands, opened again when it broke.</summary>
internal sealed class SshTransport : INodeTransport
{
    /// <summary>sshd and SSH.NET both allow ten sessions a connection: four for the engine leave room for commands.</summary>
    private const int EngineStreams = 4;

    private const int CommandSessions = 5;

    private readonly SshConnector connector;
    private readonly SemaphoreSlim connecting = new(1, 1);
    private readonly SemaphoreSlim commands = new(CommandSessions, CommandSessions);
    private SshClient? client;

    public SshTransport(SwarmNode node, EngineEndpoint endpoint, ConnectionOptions options) => connector = new SshConnector(node, endpoint, options);

    public Uri HttpEndpoint { get; } = new("http://localhost");

    public int MaxStreams => EngineStreams;

    public void Configure(SocketsHttpHandler handler)
    {
    }

    public async Task<Stream> OpenEngineStreamAsync(CancellationToken cancellationToken)
    {
        var ssh = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        return await DialStdioStream.OpenAsync(ssh, cancellationToken).ConfigureAwait(false);
    }

    public async Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken)
    {
        var ssh = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        await commands.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await DedicatedThread.RunAsync(() => Execute(ssh, command, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            commands.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref client, null) is { } open)
            await DedicatedThread.Start(() => Close(open)).ConfigureAwait(false);
    }

    private static bool Close(SshClient open)
    {
        open.Dispose();
        return true;
    }

    private CommandResult Execute(SshClient ssh, NodeCommand command, CancellationToken cancellationToken)
    {
        using var execution = ssh.CreateCommand(ShellCommand.Remote(command, connector.User));
        var running = execution.BeginExecute();
        using var cancel = cancellationToken.Register(() => execution.CancelAsync(forceKill: true, millisecondsTimeout: 0));
        using (var input = execution.CreateInputStream())
        {
            if (command.Input is { Length: > 0 } text)
                input.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }

        var output = execution.EndExecute(running);
        return new CommandResult(execution.ExitStatus ?? -1, output, execution.Error);
    }

    private async Task<SshClient> ConnectAsync(CancellationToken cancellationToken)
    {
        if (client is { IsConnected: true } open)
            return open;
        await connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (client is { IsConnected: true } opened)
                return opened;
            await DisposeAsync().ConfigureAwait(false);
            return client = await connector.ConnectAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            connecting.Release();
        }
    }
}
