using SwarmOps.Folders.State;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Recovery.Replacing;

/// <summary>Whether the shared folders of a swarm can do without the copy on one host, whose disk goes.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="throttleLimit">How many nodes are asked at the same time.</param>
internal sealed class FolderRule(SwarmSession swarm, int throttleLimit)
{
    /// <summary>Why folders cannot do without the copy on a host.</summary>
    /// <param name="host">Name of the host.</param>
    /// <param name="answers">Whether the host answers, so that its files can still reach the other copies.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<string>> ObstaclesAsync(string host, bool answers)
    {
        var reader = new FolderReader(swarm, throttleLimit) { FindsConflicts = false };
        var found = new List<string>();
        foreach (var folder in await reader.ServicesAsync().ConfigureAwait(false))
            if (Obstacle(await reader.ReadAsync(folder.Key, [.. folder]).ConfigureAwait(false), host, answers) is { } reason)
                found.Add(reason);
        return found;
    }

    /// <summary>Why a folder cannot do without its copy on a host; null when another copy has all files, or the host has none.</summary>
    internal static string? Obstacle(SwarmSharedFolder folder, string host, bool answers)
    {
        var others = folder.Copies.Where(copy => copy.Node != host).ToList();
        if (others.Count == folder.Copies.Count || others.Any(copy => IsWhole(copy, host, answers)))
            return null;
        return others.Count == 0
            ? $"the shared folder '{folder.Name}' has no other copy"
            : $"no other copy of the shared folder '{folder.Name}' is known to have all files: {string.Join(", ", others.Select(copy => $"'{copy.Node}' {Words(copy, host)}"))}";
    }

    /// <summary>A copy knows what it lacks only of nodes that it is, or was, connected with: of one that answers it must be connected now.</summary>
    private static bool IsWhole(SwarmSharedFolderCopy copy, string host, bool answers) =>
        copy is { ItemsBehind: 0, BytesBehind: 0 } && (!answers || copy.ConnectedNodes.Contains(host));

    private static string Words(SwarmSharedFolderCopy copy, string host) =>
        copy.ItemsBehind is not { } items ? $"could not be asked ({copy.Error ?? "no report"})"
        : items > 0 ? $"lacks {items} items"
        : $"is not connected with '{host}'";
}
