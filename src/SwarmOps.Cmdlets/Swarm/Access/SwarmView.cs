using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Access;

/// <summary>A swarm as one of its managers sees it, at one moment.</summary>
/// <param name="Manager">The manager that was asked; changes go through it.</param>
/// <param name="SwarmId">The swarm's id.</param>
/// <param name="Members">All nodes of the swarm.</param>
internal sealed record SwarmView(INodeConnection Manager, string SwarmId, IReadOnlyList<NodeListResponse> Members)
{
    private Dictionary<string, NodeListResponse>? byId;

    /// <summary>The members that the swarm counts as managers: those with a manager status.</summary>
    public IReadOnlyList<NodeListResponse> Managers => [.. Members.Where(member => member.ManagerStatus is not null)];

    /// <summary>The member with an id; null when there is none.</summary>
    public NodeListResponse? Find(string nodeId) => (byId ??= IndexById()).GetValueOrDefault(nodeId);

    /// <summary>Whether a node takes part and this swarm lists it.</summary>
    public bool Has(NodeObservation node) => node.IsActive && Find(node.NodeId) is not null;

    /// <summary>
    /// Whether the node is on its way into this swarm, or was and did not arrive: it names the swarm's managers as its own, and they do not list it. A join that was
    /// interrupted, or a member that was removed while its engine was down.
    /// </summary>
    public bool IsStray(NodeObservation node) =>
        node.IsActive
        && !node.IsManager
        && Find(node.NodeId) is null
        && (node.Info.Swarm?.RemoteManagers ?? []).Any(named => Managers.Any(manager => manager.ManagerStatus!.Addr == named.Addr));

    /// <summary>Asks a manager.</summary>
    /// <param name="manager">The manager.</param>
    /// <param name="swarmId">The swarm's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="keeps">Called for each member while the list arrives; returns whether it is kept. Null keeps all.</param>
    /// <exception cref="SwarmOpsException">The transport's errors; <c>EngineRequestFailed</c> with status 503 when the swarm has no leader.</exception>
    public static async Task<SwarmView> ReadAsync(
        INodeConnection manager,
        string swarmId,
        CancellationToken cancellationToken,
        Func<NodeListResponse, ValueTask<bool>>? keeps = null
    )
    {
        var members = new List<NodeListResponse>();
        using var list = await EngineList.OpenAsync(manager, "/nodes", cancellationToken).ConfigureAwait(false);
        await list.ForEachAsync(TakeAsync, EngineCall.Patience, cancellationToken).ConfigureAwait(false);
        return new SwarmView(manager, swarmId, members);

        async ValueTask TakeAsync(JsonNode entry)
        {
            var member = MemberDocument.Read(entry);
            if (keeps is null || await keeps(member).ConfigureAwait(false))
                members.Add(member);
        }
    }

    /// <summary>Asks the same manager again.</summary>
    public Task<SwarmView> RefreshAsync(CancellationToken cancellationToken) => ReadAsync(Manager, SwarmId, cancellationToken);

    private Dictionary<string, NodeListResponse> IndexById()
    {
        var found = new Dictionary<string, NodeListResponse>(Members.Count, StringComparer.Ordinal);
        foreach (var member in Members)
            found.TryAdd(member.ID, member);
        return found;
    }
}
