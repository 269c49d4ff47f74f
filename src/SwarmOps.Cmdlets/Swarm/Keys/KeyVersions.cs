using System.Globalization;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Keys;

/// <summary>
/// Which version of the unlock key each manager's own key file is encrypted with: the header <c>kek-version</c> of its PEM (swarmkit, ca/keyreadwriter.go). No API tells it.
/// </summary>
internal static class KeyVersions
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Reads them, by the nodes' names; null where the file cannot be read.</summary>
    public static async Task<IReadOnlyDictionary<string, long?>> ReadAsync(
        IOperationContext context,
        IReadOnlyList<NodeObservation> managers,
        int throttleLimit
    )
    {
        var versions = await Throttle
            .ForEachAsync(managers, throttleLimit, manager => ReadAsync(context, manager), context.CancellationToken)
            .ConfigureAwait(false);
        return managers.Zip(versions).ToDictionary(pair => pair.First.Node.Name, pair => pair.Second, StringComparer.OrdinalIgnoreCase);
    }

    private static async Task<long?> ReadAsync(IOperationContext context, NodeObservation manager)
    {
        if (manager.Node.DockerHost?.StartsWith("ssh:", StringComparison.OrdinalIgnoreCase) is not true)
            return null;
        // Only the header is read: the key itself stays where it is.
        var root = manager.Info.DockerRootDir is { Length: > 0 } given ? given : "/var/lib/docker";
        var script = $"sed -n 's/^kek-version: *//p' {ShellCommand.Quote($"{root}/swarm/certificates/swarm-node.key")}";
        try
        {
            var result = await manager
                .Connection.RunAsync(new NodeCommand(script) { AsRoot = true, Timeout = Limit }, context.CancellationToken)
                .ConfigureAwait(false);
            return result.Succeeded && long.TryParse(result.Output.Trim(), CultureInfo.InvariantCulture, out var version) ? version : null;
        }
        catch (SwarmOpsException error)
        {
            context.WriteVerbose($"{manager.Node.Name}: the version of its unlock key could not be read: {error.Message}");
            return null;
        }
    }
}
