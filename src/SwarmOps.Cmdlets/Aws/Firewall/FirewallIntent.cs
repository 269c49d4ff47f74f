using System.Globalization;
using Amazon.EC2.Model;

namespace SwarmOps.Aws;

/// <summary>What is let in besides the peers. It is kept in the tags of the cluster's security groups.</summary>
/// <param name="AllowSshFrom">CIDRs from which SSH is let in.</param>
/// <param name="PublishPort">TCP ports that are open to the world.</param>
internal sealed record FirewallIntent(IReadOnlyList<string> AllowSshFrom, IReadOnlyList<int> PublishPort)
{
    /// <summary>Nothing but the peers.</summary>
    public static readonly FirewallIntent None = new([], []);

    /// <summary>What a group's tags say; null where it has none of the two.</summary>
    public static FirewallIntent? Of(SecurityGroup group) =>
        group.Tags?.Any(tag => tag.Key is ClusterTags.AllowSshFrom or ClusterTags.PublishPort) is true
            ? new FirewallIntent(Words(group, ClusterTags.AllowSshFrom), [.. Words(group, ClusterTags.PublishPort).Where(IsPort).Select(port => int.Parse(port, CultureInfo.InvariantCulture))])
            : null;

    /// <summary>What in a group's tags is neither a network nor a port, since someone has edited them; null when all can be read.</summary>
    public static string? Unreadable(SecurityGroup group) =>
        Words(group, ClusterTags.PublishPort).Find(word => !IsPort(word)) ?? Words(group, ClusterTags.AllowSshFrom).Find(word => !System.Net.IPNetwork.TryParse(word, out _));

    /// <summary>What all of a cluster's groups say together: what holds for a group that has no tags yet.</summary>
    public static FirewallIntent OfAll(IEnumerable<SecurityGroup> groups)
    {
        var all = groups.Select(Of).OfType<FirewallIntent>().ToList();
        return new FirewallIntent([.. all.SelectMany(intent => intent.AllowSshFrom).Distinct()], [.. all.SelectMany(intent => intent.PublishPort).Distinct()]);
    }

    /// <summary>This as tags.</summary>
    public List<Tag> ToTags() =>
    [
        new Tag(ClusterTags.AllowSshFrom, string.Join(' ', AllowSshFrom)),
        new Tag(ClusterTags.PublishPort, string.Join(' ', PublishPort.Select(port => port.ToString(CultureInfo.InvariantCulture)))),
    ];

    /// <summary>Whether both say the same.</summary>
    public bool SameAs(FirewallIntent? other) =>
        other is not null && AllowSshFrom.ToHashSet().SetEquals(other.AllowSshFrom) && PublishPort.ToHashSet().SetEquals(other.PublishPort);

    private static bool IsPort(string word) => ushort.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;

    private static List<string> Words(SecurityGroup group, string key) =>
        [.. (ClusterTags.Read(group.Tags, key) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
}
