using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;

namespace SwarmOps.Galera.Repair;

/// <summary>Recovers the position of a node that does not run: runs the start script's recovery (<c>mariadbd --wsrep-recover</c>) in a separate container.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="timeout">Time limit of a recovery.</param>
internal sealed class PositionRecovery(IOperationContext context, TimeSpan timeout)
{
    private const string Label = "swarmops.galera.recovery";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Runs the recovery.</summary>
    /// <param name="node">The host.</param>
    /// <param name="service">The node's service, for its image and options.</param>
    /// <param name="path">The data directory on the host.</param>
    /// <returns>State UUID and seqno; null if they cannot be recovered.</returns>
    /// <exception cref="SwarmOpsException"><c>GaleraNodeNotSynced</c> when the time is up, the transport's errors.</exception>
    public async Task<(string Uuid, long Seqno)?> RunAsync(SwarmNode node, ServiceState service, string path)
    {
        var token = context.CancellationToken;
        var container = new OneOffContainer(context.Connection(node));
        var label = $"{Label}={path}";
        var id = await RunningAsync(container, label).ConfigureAwait(false);
        var deadline = Deadline.In(timeout);
        try
        {
            if (id is null)
            {
                var spec = service.Template?["ContainerSpec"];
                var arguments = (spec?["Args"] as JsonArray ?? []).Select(argument => (string?)argument ?? "");
                string[] variables = ["GALERA_RECOVER_ONLY=yes", "WSREP_CLUSTER_NAME=recovery", "WSREP_CLUSTER_DNSNAME=recovery"];
                id = await container.CreateAsync(service.Image, label, variables, arguments, path, token).ConfigureAwait(false);
                await container.StartAsync(id, token).ConfigureAwait(false);
            }

            while (await container.ExitCodeAsync(id, token).ConfigureAwait(false) is null)
            {
                context.WriteProgress(new OperationProgress(0, RepairSite.Activity, $"{node.Name}: recovering the position of its data"));
                if (!deadline.LeavesTimeFor(Pause))
                    throw RepairErrors.GaleraRecoveryTimeout(node.Name, timeout);
                await Task.Delay(Pause, token).ConfigureAwait(false);
            }

            return Parse(await container.LastLineAsync(id, token).ConfigureAwait(false));
        }
        finally
        {
            if (id is not null)
                await container.RemoveAsync(id).ConfigureAwait(false);
        }
    }

    /// <summary>Parses the start script's output.</summary>
    internal static (string Uuid, long Seqno)? Parse(string line)
    {
        var parts = line.Split('=', 2)[^1].Split(':', 2);
        return parts.Length == 2 && DiskState.History(parts[0]) is { } uuid && DiskState.Position(parts[1].Trim()) is { } seqno
            ? (uuid, seqno)
            : null;
    }

    /// <summary>A recovery that an interrupted run started: no server can have used the data since. The result of an exited one is not used.</summary>
    private async Task<string?> RunningAsync(OneOffContainer container, string label)
    {
        string? running = null;
        foreach (var left in await container.ListAsync(label, context.CancellationToken).ConfigureAwait(false))
        {
            if (running is null && (string?)left["State"] == "running")
                running = (string?)left["Id"];
            else
                await container.RemoveAsync((string?)left["Id"] ?? "").ConfigureAwait(false);
        }

        return running;
    }
}
