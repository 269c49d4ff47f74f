using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Nodes;
using SwarmOps.Recovery.Archive;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Keys;
using SwarmOps.Swarm.Locking;

namespace SwarmOps.Recovery.Taking;

/// <summary>What a swarm has, as its managers list it at one moment.</summary>
/// <param name="Swarm">The swarm's own document.</param>
/// <param name="Nodes">The members.</param>
/// <param name="Objects">Services, networks, secrets and configs, by kind.</param>
/// <param name="Documents">The same as the engine's API gave it, by the name of the archive's entry.</param>
internal sealed record SwarmInventory(
    SwarmInspectResponse Swarm,
    IReadOnlyList<BackedUpNode> Nodes,
    IReadOnlyDictionary<string, IReadOnlyList<BackedUpObject>> Objects,
    IReadOnlyDictionary<string, string> Documents
)
{
    /// <summary>The kinds of objects, and where the API lists them.</summary>
    private static readonly (string Kind, string Path)[] Kinds =
    [
        ("service", "/services"),
        ("secret", "/secrets"),
        ("config", "/configs"),
        ("network", "/networks?filters=" + Uri.EscapeDataString("""{"scope":["swarm"]}""")),
    ];

    /// <summary>Whether the managers' keys are locked.</summary>
    public bool AutoLock => Swarm.Spec?.EncryptionConfig?.AutoLockManagers is true;

    /// <summary>Reads it.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SwarmSession.AskManagerAsync"/>.</exception>
    public static async Task<SwarmInventory> ReadAsync(SwarmSession session)
    {
        var swarm = await ClusterDocument.ReadAsync(session).ConfigureAwait(false);
        var documents = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["swarm.json"] = (await session.GetAsync("/swarm").ConfigureAwait(false)).ToJsonString(),
            ["nodes.json"] = (await session.GetAsync("/nodes").ConfigureAwait(false)).ToJsonString(),
        };
        var objects = new Dictionary<string, IReadOnlyList<BackedUpObject>>(StringComparer.Ordinal);
        foreach (var (kind, path) in Kinds)
        {
            var list = await session.GetAsync(path).ConfigureAwait(false);
            documents[$"{kind}s.json"] = list.ToJsonString();
            objects[kind] = [.. (list as JsonArray ?? []).Select(Read).OfType<BackedUpObject>()];
        }

        var view = await session.ReadViewAsync().ConfigureAwait(false);
        return new SwarmInventory(swarm, [.. view.Members.Select(member => Describe(session, member))], objects, documents);
    }

    /// <summary>The objects that two inventories have in common: what was there throughout.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<BackedUpObject>> Common(SwarmInventory later) =>
        Objects.ToDictionary(
            kind => kind.Key,
            kind => (IReadOnlyList<BackedUpObject>)[.. kind.Value.Where(later.Objects[kind.Key].Contains)],
            StringComparer.Ordinal
        );

    private static BackedUpObject? Read(JsonNode? entry)
    {
        var id = (string?)entry?["ID"] ?? (string?)entry?["Id"];
        var name = (string?)entry?["Spec"]?["Name"] ?? (string?)entry?["Name"] ?? "";
        return id is null || name == ConfigLockStore.Name ? null : new BackedUpObject(id, name);
    }

    private static BackedUpNode Describe(SwarmSession session, NodeListResponse member) =>
        new(
            member.ID,
            session.Place(member.ID)?.Name ?? member.Description?.Hostname ?? member.ID,
            member.Description?.Hostname ?? "",
            member.Spec?.Role == "manager",
            member.ManagerStatus?.Addr is { Length: > 0 } address ? NodeAddress.WithoutPort(address) : member.Status?.Addr ?? "",
            member.Spec?.Availability ?? "active",
            new SortedDictionary<string, string>(member.Spec?.Labels ?? new Dictionary<string, string>(), StringComparer.Ordinal)
        );
}
