using Docker.DotNet.Models;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Formation;

/// <summary>The labels that placement constraints use.</summary>
internal static class NodeLabels
{
    /// <summary>Sets the labels of a member: region and zone.</summary>
    /// <param name="manager">A manager of the swarm.</param>
    /// <param name="node">The node.</param>
    /// <param name="member">The node as the manager has just listed it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether anything had to be changed.</returns>
    public static Task<bool> SetAsync(
        INodeConnection manager,
        SwarmNode node,
        NodeListResponse member,
        CancellationToken cancellationToken
    ) =>
        AreMissing(node, member)
            ? NodeSpecUpdater.UpdateAsync(manager, member.ID, spec => Apply(node, spec), cancellationToken, member)
            : Task.FromResult(false);

    /// <summary>Whether a member lacks a label of its node.</summary>
    public static bool AreMissing(SwarmNode node, NodeListResponse member) =>
        Wanted(node)
            .Any(label => member.Spec?.Labels is not { } labels || !labels.TryGetValue(label.Key, out var value) || value != label.Value);

    private static bool Apply(SwarmNode node, NodeUpdateParameters spec)
    {
        var changed = false;
        foreach (var (key, value) in Wanted(node))
        {
            if (spec.Labels.TryGetValue(key, out var present) && present == value)
                continue;
            spec.Labels[key] = value;
            changed = true;
        }

        return changed;
    }

    private static IEnumerable<KeyValuePair<string, string>> Wanted(SwarmNode node)
    {
        if (node.Region is { Length: > 0 } region)
            yield return new(SwarmNodeMapper.RegionLabel, region);
        if (node.Zone is { Length: > 0 } zone)
            yield return new(SwarmNodeMapper.ZoneLabel, zone);
    }
}
