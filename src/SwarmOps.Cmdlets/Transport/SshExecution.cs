using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace SwarmOps.Transport;

/// <summary>Runs one command in an SSH session. Blocks: call it on a <see cref="DedicatedThread"/>.</summary>
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
            // Killing waits for the other side, so it must not run on the cancelling thread, which handles Ctrl+C.
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
            // Closing the stream sends end-of-file, but only after something was written.
            using var stream = execution.CreateInputStream();
            stream.Write(Encoding.UTF8.GetBytes(input));
        }
        catch (Exception exception) when (exception is SshException or InvalidOperationException)
        {
            // The command ended without reading its input; its exit code tells why.
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
            // The command or the connection ended first.
        }

        return true;
    }
}
