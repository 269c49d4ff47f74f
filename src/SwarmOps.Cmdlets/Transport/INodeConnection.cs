using Docker.DotNet;

namespace SwarmOps.Transport;

/// <summary>One node, reachable: its engine's API and commands on its host, over one connection that opens when it is first used.</summary>
internal interface INodeConnection
{
    /// <summary>The node as it was when the connection was made.</summary>
    SwarmNode Node { get; }

    /// <summary>The engine's API, its version negotiated and pinned.</summary>
    /// <exception cref="SwarmOpsException">Any of <see cref="TransportErrors"/>.</exception>
    Task<IDockerClient> GetEngineAsync(CancellationToken cancellationToken);

    /// <summary>The engine's API as JSON, for what must be sent back whole.</summary>
    /// <exception cref="SwarmOpsException">Any of <see cref="TransportErrors"/>.</exception>
    Task<EngineApi> GetApiAsync(CancellationToken cancellationToken);

    /// <summary>Runs a command on the node's host to its end. A non-zero exit code is a result, not an error.</summary>
    /// <exception cref="SwarmOpsException">Any of <see cref="TransportErrors"/>.</exception>
    Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken);

    /// <summary>Closes what is open; the next use opens it again (after a reboot, say).</summary>
    Task ResetAsync();
}
