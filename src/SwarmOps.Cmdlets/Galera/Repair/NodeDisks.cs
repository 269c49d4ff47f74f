using SwarmOps.Galera.Formation;
using SwarmOps.Services;
using SwarmOps.Services.Running;
using SwarmOps.Transport;

namespace SwarmOps.Galera.Repair;

/// <summary>The data directories of a cluster's nodes, over SSH.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="services">The cluster's services, which say where the directories are.</param>
internal sealed class NodeDisks(SwarmAccess swarm, IReadOnlyList<ServiceState> services)
{
    /// <summary>Reads a node's disk.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNodeOutOfReach</c>, <c>CommandFailed</c>, the transport's errors.</exception>
    public async Task<DiskState> LookAsync(GaleraNode node) =>
        DiskState.Parse(await RunAsync(node, "reading the data directory", DiskScripts.Look(Path(node))).ConfigureAwait(false));

    /// <summary>How far every node with data is; a node that cannot be read is unknown, with the reason.</summary>
    public async Task<IReadOnlyList<NodePosition>> PositionsAsync(IReadOnlyList<GaleraNode> nodes) => await Task.WhenAll(nodes.Where(node => !node.IsArbitrator).Select(async node =>
    {
        try
        {
            return NodePosition.Of(node, await LookAsync(node).ConfigureAwait(false), null);
        }
        catch (SwarmOpsException error)
        {
            return NodePosition.Of(node, null, error.Message);
        }
    })).ConfigureAwait(false);

    /// <summary>Moves a node's data directory aside.</summary>
    /// <returns>Where it is now.</returns>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public async Task<string> MoveAsideAsync(GaleraNode node) =>
        (await RunAsync(node, "moving the data directory aside", DiskScripts.MoveAside(Path(node))).ConfigureAwait(false)).Trim();

    /// <summary>Makes a data directory where there is none, as New-GaleraService does by default.</summary>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public Task MakeAsync(GaleraNode node) => RunAsync(node, "making the data directory", DataDirectoryScripts.Make(Path(node), "999:999", "0750"));

    /// <summary>Lets a node found the cluster.</summary>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public Task MarkAsync(GaleraNode node) => RunAsync(node, "putting the marker", DataDirectoryScripts.Mark(Path(node)));

    /// <summary>Takes a marker away.</summary>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public Task UnmarkAsync(GaleraNode node) => RunAsync(node, "removing the marker", DataDirectoryScripts.Unmark(Path(node)));

    /// <summary>A node's data directory on its host.</summary>
    public string Path(GaleraNode node) =>
        services.FirstOrDefault(service => service.Name == node.Service)?.Labels.GetValueOrDefault(GaleraNames.DataPathLabel) ?? "/srv/mysql";

    private Task<string> RunAsync(GaleraNode node, string what, string script)
    {
        var host = swarm.Nodes.FirstOrDefault(candidate => candidate.Name == node.Node) ?? throw RepairErrors.GaleraNodeOutOfReach(node.Node);
        return swarm.Context.Connection(host).RunCheckedAsync(what, new NodeCommand(script) { AsRoot = true }, swarm.Context.CancellationToken);
    }
}
