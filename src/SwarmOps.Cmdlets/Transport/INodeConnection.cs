using Docker.DotNet;

namespace SwarmOps.Transport;

/// <summary>A connection to one node: its engine's API and commands on its host. It opens on first use.</summary>
internal interface INodeConnection
{
    /// <summary>The node, as passed when the connection was created.</summary>
    SwarmNode Node { get; }

    /// <summary>The engine's API, its version negotiated and pinned.</summary>
    /// <exception cref="SwarmOpsException">Any of <see cref="TransportErrors"/>.</exception>
    Task<IDockerClient> GetEngineAsync(CancellationToken cancellationToken);

    /// <summary>The engine's API as JSON, for documents that must be sent back whole.</summary>
    /// <exception cref="SwarmOpsException">Any of <see cref="TransportErrors"/>.</exception>
    Task<EngineApi> GetApiAsync(CancellationToken cancellationToken);

    /// <summary>Runs a command on the node's host to its end. A non-zero exit code is a result, not an error.</summary>
    /// <exception cref="SwarmOpsException">Any of <see cref="TransportErrors"/>.</exception>
    Task<CommandResult> RunAsync(NodeCommand command, CancellationToken cancellationToken);

    /// <summary>Closes the connection; the next use opens it again (after a reboot, for example).</summary>
    Task ResetAsync();
}
