using System.Text;
using System.Text.Json.Nodes;
using SwarmOps.Galera.Formation;
using SwarmOps.Services.Running;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Galera.Repair;

/// <summary>The data directories of a cluster's nodes, over SSH.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="services">The cluster's services, whose labels contain the directories' paths.</param>
internal sealed class NodeDisks(SwarmSession swarm, IReadOnlyList<ServiceState> services)
{
    /// <summary>Reads a node's disk.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNodeOutOfReach</c>, <c>CommandFailed</c>, the transport's errors.</exception>
    public async Task<DiskState> LookAsync(GaleraNode node) =>
        DiskState.Parse(await RunAsync(node, "reading the data directory", DiskScripts.Look(Path(node))).ConfigureAwait(false));

    /// <summary>The positions of all nodes with data; a node that cannot be read is unknown, with the reason.</summary>
    public async Task<IReadOnlyList<NodePosition>> PositionsAsync(IReadOnlyList<GaleraNode> nodes) =>
        await Task.WhenAll(
                nodes
                    .Where(node => !node.IsArbitrator)
                    .Select(async node =>
                    {
                        try
                        {
                            return NodePosition.Of(node, await LookAsync(node).ConfigureAwait(false), null);
                        }
                        catch (SwarmOpsException error)
                        {
                            return NodePosition.Of(node, null, error.Message);
                        }
                    })
            )
            .ConfigureAwait(false);

    /// <summary>Moves a node's data directory aside.</summary>
    /// <returns>Its new path.</returns>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public async Task<string> MoveAsideAsync(GaleraNode node) =>
        (await RunAsync(node, "moving the data directory aside", DiskScripts.MoveAside(Path(node))).ConfigureAwait(false)).Trim();

    /// <summary>Prepares a data directory before its node runs: a missing one is created with the cluster's owner and mode, and an interrupted move is completed.</summary>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public Task MakeAsync(GaleraNode node)
    {
        var access = MountPathOptions.Create(
            Label(node, GaleraNames.OwnerLabel) ?? DataAccess.DefaultOwner,
            Label(node, GaleraNames.ModeLabel) ?? DataAccess.DefaultMode
        );
        return RunAsync(node, "creating the data directory", DataDirectoryScripts.Make(Path(node), access.Owner, access.Mode));
    }

    /// <summary>Marks a node's data directory: its data must be moved aside before the node runs again.</summary>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public Task CondemnAsync(GaleraNode node) => RunAsync(node, "marking the data to be moved aside", DiskScripts.Condemn(Path(node)));

    /// <summary>Whether a node's data must be moved aside before it runs again, or its move was interrupted; false for an unreadable disk, whose position is unknown anyway.</summary>
    public async Task<bool> IsCondemnedAsync(GaleraNode node)
    {
        try
        {
            return await LookAsync(node).ConfigureAwait(false) is { IsCondemned: true } or { IsMoving: true };
        }
        catch (SwarmOpsException)
        {
            return false;
        }
    }

    /// <summary>Removes that mark from a node that has rejoined with its data.</summary>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public Task AbsolveAsync(GaleraNode node) => RunAsync(node, "removing the mark", DiskScripts.Absolve(Path(node)));

    /// <summary>Why the content of a mount point cannot be moved aside; null if it can. A state transfer deletes everything there, unless the start script excludes the folder.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<string?> WhyNotInsideAsync(GaleraNode node)
    {
        if (await StartScriptAsync(node).ConfigureAwait(false) is not { } script)
            return "it is a mount point and the image bootstraps itself, so a state transfer would delete data that was moved inside it";
        return script.Contains(GaleraNames.Aside, StringComparison.Ordinal)
            ? null
            : "it is a mount point and the service runs an earlier version of the start script, with which a state transfer would delete data that was moved inside it";
    }

    /// <summary>Whether a node's start script supports a new state UUID in its bootstrap marker; an earlier version keeps the old one.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<bool> KnowsNewHistoryAsync(GaleraNode node) =>
        (await StartScriptAsync(node).ConfigureAwait(false))?.Contains(DataDirectoryScripts.NewHistory, StringComparison.Ordinal) is true;

    /// <summary>Writes the bootstrap marker on a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="isNewHistory">Whether the node bootstraps with a new state UUID.</param>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public Task MarkAsync(GaleraNode node, bool isNewHistory) =>
        RunAsync(node, "writing the bootstrap marker", DataDirectoryScripts.Mark(Path(node), isNewHistory));

    /// <summary>Removes a bootstrap marker.</summary>
    /// <exception cref="SwarmOpsException"><c>CommandFailed</c>, the transport's errors.</exception>
    public Task UnmarkAsync(GaleraNode node) => RunAsync(node, "removing the bootstrap marker", DataDirectoryScripts.Unmark(Path(node)));

    /// <summary>A node's data directory on its host.</summary>
    public string Path(GaleraNode node) => Label(node, GaleraNames.DataPathLabel) ?? "/srv/mysql";

    /// <summary>The script that starts a node; null for an image that bootstraps itself.</summary>
    private async Task<string?> StartScriptAsync(GaleraNode node)
    {
        var configs =
            services.FirstOrDefault(service => service.Name == node.Service)?.Template?["ContainerSpec"]?["Configs"] as JsonArray ?? [];
        var id = configs
            .Where(config => (string?)config?["File"]?["Name"] == GaleraNames.StartTarget)
            .Select(config => (string?)config!["ConfigID"])
            .FirstOrDefault();
        if (id is null)
            return null;
        var data = (string?)(await swarm.GetAsync($"/configs/{id}").ConfigureAwait(false))?["Spec"]?["Data"] ?? "";
        return Encoding.UTF8.GetString(Convert.FromBase64String(data));
    }

    private string? Label(GaleraNode node, string name) =>
        services.FirstOrDefault(service => service.Name == node.Service)?.Labels.GetValueOrDefault(name);

    private Task<string> RunAsync(GaleraNode node, string what, string script)
    {
        var host =
            swarm.Nodes.FirstOrDefault(candidate => candidate.Name == node.Node) ?? throw RepairErrors.GaleraNodeOutOfReach(node.Node);
        return swarm
            .Context.Connection(host)
            .RunCheckedAsync(what, new NodeCommand(script) { AsRoot = true }, swarm.Context.CancellationToken);
    }
}
