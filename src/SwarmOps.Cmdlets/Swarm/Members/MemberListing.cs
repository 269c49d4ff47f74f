using SwarmOps.Swarm.Access;

namespace SwarmOps.Swarm.Members;

/// <summary>All members of a swarm, with the connection details of those that are in a node set.</summary>
internal static class MemberListing
{
    /// <summary>The nodes of the set that are members, in the set's order, then the other members by host name.</summary>
    public static IReadOnlyList<SwarmNode> Merge(SwarmSession session)
    {
        var view = session.View;
        var merged = new List<SwarmNode>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var report in session.Reports)
        {
            if (session.MemberOf(report) is { } member && seen.Add(member.ID))
                merged.Add(
                    report.Observation is { IsActive: true } own
                        ? SwarmNodeMapper.Describe(own, view)
                        : SwarmNodeMapper.Describe(report.Node, member, view.SwarmId)
                );
        }

        merged.AddRange(
            view.Members.Where(member => !seen.Contains(member.ID))
                .OrderBy(member => member.Description?.Hostname, StringComparer.OrdinalIgnoreCase)
                .ThenBy(member => member.ID, StringComparer.Ordinal)
                .Select(member => SwarmNodeMapper.Describe(member, view.SwarmId))
        );
        return merged;
    }
}
