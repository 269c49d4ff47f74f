using Docker.DotNet;

namespace SwarmOps.Transport;

/// <summary>Calls of the engine's API with converted errors.</summary>
internal static class NodeConnectionExtensions
{
    /// <summary>Calls the engine and converts failures to errors that name the node. An error of the engine itself is kept as <see cref="DockerApiException"/> in <see cref="Exception.InnerException"/>.</summary>
    /// <exception cref="SwarmOpsException">Any of <see cref="TransportErrors"/>; <c>EngineRequestFailed</c> when the engine returns an error.</exception>
    public static async Task<T> AskAsync<T>(
        this INodeConnection connection,
        Func<IDockerClient, Task<T>> question,
        CancellationToken cancellationToken
    )
    {
        var engine = await connection.GetEngineAsync(cancellationToken).ConfigureAwait(false);
        return await TranslateAsync(connection, () => question(engine), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Calls the engine in JSON; failures as in <see cref="AskAsync"/>.</summary>
    /// <exception cref="SwarmOpsException">As <see cref="AskAsync"/>.</exception>
    public static async Task<T> AskJsonAsync<T>(
        this INodeConnection connection,
        Func<EngineApi, Task<T>> question,
        CancellationToken cancellationToken
    )
    {
        var api = await connection.GetApiAsync(cancellationToken).ConfigureAwait(false);
        return await TranslateAsync(connection, () => question(api), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Calls the engine without a result.</summary>
    /// <exception cref="SwarmOpsException">As <see cref="AskAsync"/>.</exception>
    public static Task TellAsync(this INodeConnection connection, Func<IDockerClient, Task> order, CancellationToken cancellationToken) =>
        connection.AskAsync(
            async engine =>
            {
                await order(engine).ConfigureAwait(false);
                return true;
            },
            cancellationToken
        );

    /// <summary>Runs a command that must succeed.</summary>
    /// <param name="connection">The node.</param>
    /// <param name="what">What the command does, for the error message.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SwarmOpsException">Any of <see cref="TransportErrors"/>; <c>CommandFailed</c> when the exit code is not 0.</exception>
    public static async Task<string> RunCheckedAsync(
        this INodeConnection connection,
        string what,
        NodeCommand command,
        CancellationToken cancellationToken
    )
    {
        var result = await connection.RunAsync(command, cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? result.Output : throw TransportErrors.CommandFailed(connection.Node, what, result);
    }

    /// <summary>Makes a call, or goes on with one, and converts failures as <see cref="AskAsync"/> does.</summary>
    /// <exception cref="SwarmOpsException">As <see cref="AskAsync"/>.</exception>
    public static async Task<T> TranslateAsync<T>(this INodeConnection connection, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw TransportErrors.NodeUnreachable(connection.Node, "the engine did not answer", exception);
        }
        catch (Exception exception) when (TransportErrors.IsOddAnswer(exception))
        {
            throw TransportErrors.EngineAnswerInvalid(connection.Node, exception);
        }
        catch (Exception exception) when (TransportErrors.TryFrom(connection.Node, exception) is { } error)
        {
            throw error;
        }
    }
}
