using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace SwarmOps.Transport;

/// <summary>One command in an SSH session, from start to end. Blocks: run it on a <see cref="DedicatedThread"/>.</summary>
internal static class SshExecution
{
    /// <summary>Runs a command line.</summary>
    /// <param name="link">The connection.</param>
    /// <param name="commandLine">The command line for the user's shell.</param>
    /// <param name="input">What it reads from its standard input.</param>
    /// <param name="cancellationToken">Kills it.</param>
    public static CommandResult Run(SshLink link, string commandLine, string? input, CancellationToken cancellationToken)
    {
        var execution = link.CreateSession(commandLine);
        try
        {
            var running = execution.BeginExecute();
            // Killing waits for the other side, so it must not run on the thread that cancels: that is the one of Ctrl+C.
            using var cancel = cancellationToken.Register(() => DedicatedThread.Start(() => Kill(execution)));
            if (!string.IsNullOrEmpty(input))
                Feed(execution, input);
            var output = execution.EndExecute(running);
            return new CommandResult(execution.ExitStatus ?? -1, output, execution.Error);
        }
        finally
        {
            link.End(execution);
        }
    }

    private static void Feed(SshCommand execution, string input)
    {
        try
        {
            // Closing the stream sends the end of the input, but only after something was written.
            using var stream = execution.CreateInputStream();
            stream.Write(Encoding.UTF8.GetBytes(input));
        }
        catch (Exception exception) when (exception is SshException or InvalidOperationException)
        {
            // It ended without reading its input; its exit code says why.
        }
    }

    private static bool Kill(SshCommand execution)
    {
        try
        {
            execution.CancelAsync(forceKill: true, millisecondsTimeout: 200);
        }
        catch (Exception exception) when (exception is SshException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            // It ended first, or the connection did.
        }

        return true;
    }
}
