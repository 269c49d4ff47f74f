using SwarmOps.Pipeline;
using SwarmOps.Swarm;
using SwarmOps.Transport;

namespace SwarmOps.Aws.Provision;

/// <summary>Waits until a node answers SSH with its pinned key, its first boot has ended and its engine runs.</summary>
internal sealed class NodeReadiness(IOperationContext context, TimeSpan timeout, Action<string, string> tell)
{
    /// <summary>What a host that is still booting, or an engine that is still being installed, lets the transport say.</summary>
    private static readonly HashSet<string> Passing =
    [
        "NodeUnreachable", "ConnectionLost", "SshHandshakeFailed", "SshSessionRefused", RefusedUs, "CommandTimedOut",
        "EngineNotInstalled", "EngineNotRunning", "EngineAccessDenied",
    ];

    private const string RefusedUs = "SshAuthenticationFailed";

    /// <summary>How long sshd may refuse us: the first boot puts the key in place about when sshd starts, a busy machine later. Another user than the image's is refused for ever.</summary>
    private static readonly TimeSpan RefusalLimit = TimeSpan.FromSeconds(180);

    /// <summary>Waits.</summary>
    /// <returns>The node, with its engine's version.</returns>
    /// <exception cref="SwarmOpsException"><c>CloudInitFailed</c>, <c>RegionNodeNotReady</c>; those of the transport that no waiting mends, such as <c>HostKeyMismatch</c>.</exception>
    public async Task<SwarmNode> WaitAsync(SwarmNode node, Deadline deadline)
    {
        var connection = context.Connection(node);
        var pauses = new Pauses(deadline, context.CancellationToken);
        var last = "SSH was not tried";
        SwarmOpsException? cause = null;
        Deadline? refused = null;
        do
        {
            try
            {
                var report = CloudInitReport.Parse(await connection.RunCheckedAsync("asking for the state of the first boot", new NodeCommand(CloudInitReport.Script), context.CancellationToken).ConfigureAwait(false));
                if (report.HasEnded)
                    return await EngineAsync(node, connection, report).ConfigureAwait(false);
                (last, cause) = ("its first boot has not ended", null);
                tell(node.Name, "installs the engine");
            }
            catch (SwarmOpsException error) when (Passing.Contains(error.ErrorId))
            {
                if (error.ErrorId == RefusedUs && !(refused ??= Deadline.In(RefusalLimit)).LeavesTimeFor(TimeSpan.Zero))
                    throw;
                (last, cause) = (error.Message, error);
                tell(node.Name, error.ErrorId is "EngineNotInstalled" or "EngineNotRunning" or "EngineAccessDenied" ? "waits for its engine" : "waits for SSH");
                // The user's groups, and keys that came later, are seen by a new session only.
                await connection.ResetAsync().ConfigureAwait(false);
            }
        }
        while (await pauses.NextAsync().ConfigureAwait(false));
        throw ProvisionErrors.NodeNotReady(node, timeout, last, cause);
    }

    /// <summary>What counts is the engine: another part of the first boot may have failed, which then is worth a warning.</summary>
    private async Task<SwarmNode> EngineAsync(SwarmNode node, INodeConnection connection, CloudInitReport report)
    {
        try
        {
            var observed = await NodeObservation.TakeAsync(node, connection, context.CancellationToken).ConfigureAwait(false);
            if (report.HasFailed)
                context.WriteWarning($"cloud-init of '{node.Name}' reports errors, but its engine runs: {string.Join("; ", report.Errors)}");
            return node with { EngineVersion = observed.Info.ServerVersion, Hostname = observed.Info.Name };
        }
        catch (SwarmOpsException error) when (report.HasFailed && error.ErrorId is ("EngineNotInstalled" or "EngineNotRunning" or "EngineAccessDenied"))
        {
            throw ProvisionErrors.CloudInitFailed(node, report);
        }
    }
}
