using System.Text;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Galera.Removal;

/// <summary>The directories that remain to be deleted, stored as a config of the swarm, so that a run interrupted after removing the services can be completed.</summary>
internal static class RemovalNote
{
    /// <summary>Name of a cluster's note.</summary>
    public static string ConfigName(string cluster) => $"{cluster}-removal";

    /// <summary>The data directories of an existing cluster.</summary>
    public static IReadOnlyList<DataPlace> Of(IReadOnlyList<ServiceState> services, SwarmSession swarm) =>
        [
            .. services
                .Where(service => service.Labels.ContainsKey(GaleraNames.DataPathLabel))
                .SelectMany(service => Hosts(service, swarm).Select(host => new DataPlace(host, service.Labels[GaleraNames.DataPathLabel])))
                .Distinct(),
        ];

    /// <summary>Serializes a note.</summary>
    public static byte[] Write(IReadOnlyList<DataPlace> places) =>
        Encoding.UTF8.GetBytes(string.Concat(places.Select(place => $"{place.Node}\t{place.Path}\n")));

    /// <summary>Parses a note.</summary>
    public static IReadOnlyList<DataPlace> Read(StoredItem note) =>
        [
            .. Encoding
                .UTF8.GetString(note.Data)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split('\t', 2))
                .Where(parts => parts.Length == 2)
                .Select(parts => new DataPlace(parts[0], parts[1])),
        ];

    private static IEnumerable<string> Hosts(ServiceState service, SwarmSession swarm) =>
        service.Labels.TryGetValue(GaleraNames.NodeLabel, out var host) ? [host] : swarm.Members.Values.Select(member => member.Name);
}
