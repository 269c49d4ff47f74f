using SwarmOps.Aws.Api;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Aws.Provision;

/// <summary>Waits until a node answers SSH with its pinned host key, its first boot has finished and its engine runs.</summary>
internal sealed class NodeReadiness(IOperationContext context, TimeSpan timeout, Action<string, string> tell)
{
    /// <summary>The transport's errors while a host is booting or its engine is being installed.</summary>
    private static readonly HashSet<string> Passing =
    [
        "NodeUnreachable",
        "ConnectionLost",
        "SshHandshakeFailed",
        "SshSessionRefused",
        RefusedUs,
        "CommandTimedOut",
        "EngineNotInstalled",
        "EngineNotRunning",
        "EngineAccessDenied",
    ];

    private const string RefusedUs = "SshAuthenticationFailed";

    /// <summary>How long sshd may reject the key: the first boot installs it about when sshd starts, later on a slow machine. A wrong user is rejected permanently.</summary>
    private static readonly TimeSpan RefusalLimit = TimeSpan.FromSeconds(180);

    /// <summary>Waits until the node is ready.</summary>
    /// <returns>The node, with its engine's version.</returns>
    /// <exception cref="SwarmOpsException"><c>CloudInitFailed</c>, <c>RegionNodeNotReady</c>; those of the transport that are not temporary, such as <c>HostKeyMismatch</c>.</exception>
    public async Task<SwarmNode> WaitAsync(SwarmNode node, Deadline deadline)
    {
        var connection = context.Connection(node);
        var pauses = new Pauses(deadline, context.CancellationToken);
        var last = "no SSH connection was tried";
        SwarmOpsException? cause = null;
        Deadline? refused = null;
        do
        {
            try
            {
                var report = CloudInitReport.Parse(
                    await connection
                        .RunCheckedAsync(
                            "reading the state of the first boot",
                            new NodeCommand(CloudInitReport.Script),
                            context.CancellationToken
                        )
                        .ConfigureAwait(false)
                );
                if (report.HasEnded)
                    return await EngineAsync(node, connection, report).ConfigureAwait(false);
                (last, cause) = ("its first boot has not finished", null);
                tell(node.Name, "installing the engine");
            }
            catch (SwarmOpsException error) when (Passing.Contains(error.ErrorId))
            {
                if (error.ErrorId == RefusedUs && !(refused ??= Deadline.In(RefusalLimit)).LeavesTimeFor(TimeSpan.Zero))
                    throw;
                (last, cause) = (error.Message, error);
                tell(
                    node.Name,
                    error.ErrorId
                        is nameof(TransportErrors.EngineNotInstalled)
                            or nameof(TransportErrors.EngineNotRunning)
                            or nameof(TransportErrors.EngineAccessDenied)
                        ? "waiting for its engine"
                        : "waiting for SSH"
                );
                // Only a new session has new groups of the user and later keys.
                await connection.ResetAsync().ConfigureAwait(false);
            }
        } while (await pauses.NextAsync().ConfigureAwait(false));
        throw ProvisionErrors.RegionNodeNotReady(node, timeout, last, cause);
    }

    /// <summary>The engine decides: if another part of the first boot failed, that is only a warning.</summary>
    private async Task<SwarmNode> EngineAsync(SwarmNode node, INodeConnection connection, CloudInitReport report)
    {
        try
        {
            var observed = await NodeObservation.TakeAsync(node, connection, context.CancellationToken).ConfigureAwait(false);
            if (report.HasFailed)
                context.WriteWarning(
                    $"'{node.Name}': cloud-init reported errors, but the engine is running: {string.Join("; ", report.Errors)}"
                );
            return node with { EngineVersion = observed.Info.ServerVersion, Hostname = observed.Info.Name };
        }
        catch (SwarmOpsException error)
            when (report.HasFailed
                && error.ErrorId
                    is (
                        nameof(TransportErrors.EngineNotInstalled)
                        or nameof(TransportErrors.EngineNotRunning)
                        or nameof(TransportErrors.EngineAccessDenied)
                    )
            )
        {
            throw ProvisionErrors.CloudInitFailed(node, report);
        }
    }
}
