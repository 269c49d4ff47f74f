using System.ComponentModel;
using System.Diagnostics;
using System.IO.Pipes;
using System.Net.Sockets;

namespace SwarmOps.Transport;

/// <summary>The engine and host of this machine, through a Unix socket or a named pipe.</summary>
internal sealed class LocalTransport(SwarmNode node, EngineEndpoint endpoint) : INodeTransport
{
    /// <summary>A local pipe exists at once or not at all; only a busy one needs a moment.</summary>
    private static readonly TimeSpan PipePatience = TimeSpan.FromSeconds(2);

    public Uri HttpEndpoint { get; } = new("http://localhost");

    public int MaxStreams => 10;

    public void Configure(SocketsHttpHandler handler) { }

    public async Task<Stream> OpenEngineStreamAsync(CancellationToken cancellationToken)
    {
        if (endpoint.Kind == EngineEndpointKind.Pipe)
        {
            var pipe = new NamedPipeClientStream(endpoint.Host, endpoint.Path, PipeDirection.InOut, PipeOptions.Asynchronous);
            try
            {
                await pipe.ConnectAsync(PipePatience, cancellationToken).ConfigureAwait(false);
                return pipe;
            }
            catch (Exception exception)
            {
                await pipe.DisposeAsync().ConfigureAwait(false);
                throw PipeError(exception) ?? exception;
            }
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken)
    {
        var (file, arguments) = ShellCommand.Local(command);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(file, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
        }
        catch (Exception exception) when (exception is Win32Exception or PlatformNotSupportedException)
        {
            throw TransportErrors.CommandsNotSupported(node, exception);
        }

        return await FinishAsync(process, command, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private SwarmOpsException? PipeError(Exception exception) =>
        exception switch
        {
            TimeoutException => TransportErrors.EngineNotRunning(node, "no engine listens on the named pipe."),
            UnauthorizedAccessException => TransportErrors.EngineAccessDenied(node),
            _ => null,
        };

    private static async Task FeedAsync(Process process, string input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command ended without reading its input; its exit code tells why.
        }
    }

    private static async Task<CommandResult> FinishAsync(Process process, NodeCommand command, CancellationToken cancellationToken)
    {
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await FeedAsync(process, command.Input ?? "", cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return new CommandResult(process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
