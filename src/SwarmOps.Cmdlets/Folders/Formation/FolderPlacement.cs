using System.Text.RegularExpressions;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Folders.Formation;

/// <summary>The copies that a folder has or gets: those of its services, and one on each node of the node set.</summary>
internal static partial class FolderPlacement
{
    /// <summary>Leaves room for the suffix of the identity's name, which swarmkit limits to 64 characters.</summary>
    private const int LongestService = 48;

    private const int IdLength = 12;

    /// <summary>Decides them.</summary>
    /// <param name="folder">Name of the folder.</param>
    /// <param name="nodes">The nodes of the node set that answered.</param>
    /// <param name="services">The folder's services.</param>
    /// <param name="members">The members of the swarm by id.</param>
    /// <returns>The copies, by name of the node. Services of nodes that have left the swarm are not among them.</returns>
    public static IReadOnlyList<FolderPlace> Decide(
        string folder,
        IReadOnlyList<SwarmNode> nodes,
        IReadOnlyList<ServiceState> services,
        IReadOnlyDictionary<string, SwarmPlace> members
    )
    {
        var taken = services.ToDictionary(NodeOf, service => service.Name, StringComparer.Ordinal);
        var ids = taken.Keys.Where(members.ContainsKey).Concat(nodes.Select(node => node.NodeId ?? "")).Distinct(StringComparer.Ordinal);
        var names = taken.Values.ToHashSet(StringComparer.Ordinal);
        var places = new List<FolderPlace>();
        foreach (var id in ids.Where(id => id.Length > 0).OrderBy(id => Name(id, members), StringComparer.Ordinal))
        {
            var name = Name(id, members);
            if (!taken.TryGetValue(id, out var service))
            {
                service = ServiceName(folder, name, id, names);
                names.Add(service);
            }

            places.Add(new FolderPlace(id, name, service, nodes.FirstOrDefault(node => node.NodeId == id)));
        }

        return places;
    }

    /// <summary>The services of nodes that are members of the swarm no more.</summary>
    public static IReadOnlyList<ServiceState> Departed(
        IReadOnlyList<ServiceState> services,
        IReadOnlyDictionary<string, SwarmPlace> members
    ) => [.. services.Where(service => !members.ContainsKey(NodeOf(service)))];

    /// <summary>Id of the node whose copy a service keeps.</summary>
    public static string NodeOf(ServiceState service) => service.Labels.GetValueOrDefault(FolderNames.NodeLabel, service.Id);

    private static string Name(string id, IReadOnlyDictionary<string, SwarmPlace> members) =>
        members.TryGetValue(id, out var place) ? place.Name : id;

    /// <summary>The folder and the node; the node's id where its name is too long, has nothing that DNS allows, or is taken.</summary>
    private static string ServiceName(string folder, string node, string id, HashSet<string> taken)
    {
        var name = $"{folder}-{NotInDns().Replace(node.ToLowerInvariant(), "-").Trim('-')}";
        return name.Length > LongestService || name.EndsWith('-') || taken.Contains(name)
            ? $"{folder}-{id[..Math.Min(IdLength, id.Length)].ToLowerInvariant()}"
            : name;
    }

    [GeneratedRegex("[^a-z0-9-]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotInDns();
}
