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

    /// <summary>What a group's tags say, as far as it can be read; null where it lacks one of the two: both are always written, so what stood there is unknown.</summary>
    public static FirewallIntent? Of(SecurityGroup group) => Has(group, ClusterTags.AllowSshFrom) && Has(group, ClusterTags.PublishPort) ? new FirewallIntent(Networks(group), Ports(group)) : null;

    /// <summary>What holds for a group: its own tags, and for one that it lacks what all say together, and what it lets in: a tag that is gone says nothing of whom to keep out.</summary>
    public static FirewallIntent Of(SecurityGroup group, FirewallIntent inherited) => new(
        Has(group, ClusterTags.AllowSshFrom) ? Networks(group) : [.. inherited.AllowSshFrom.Union(FirewallPlan.SshSources(FirewallRules.Of(group)))],
        Has(group, ClusterTags.PublishPort) ? Ports(group) : [.. inherited.PublishPort.Union(FirewallPlan.OpenPorts(FirewallRules.Of(group)))]);

    /// <summary>What in a group's tags is neither a network nor a port, since someone has edited them; null when all can be read.</summary>
    public static string? Unreadable(SecurityGroup group) =>
        Words(group, ClusterTags.PublishPort).Find(word => !IsPort(word)) ?? Words(group, ClusterTags.AllowSshFrom).Find(word => !IsNetwork(word));

    /// <summary>What all of a cluster's groups say together: what holds for a group that has no tags yet.</summary>
    public static FirewallIntent OfAll(IEnumerable<SecurityGroup> groups)
    {
        var all = groups.ToList();
        return new FirewallIntent([.. all.SelectMany(Networks).Distinct()], [.. all.SelectMany(Ports).Distinct()]);
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

    private static bool Has(SecurityGroup group, string key) => group.Tags?.Any(tag => tag.Key == key) is true;

    private static List<string> Networks(SecurityGroup group) => [.. Words(group, ClusterTags.AllowSshFrom).Where(IsNetwork)];

    private static List<int> Ports(SecurityGroup group) => [.. Words(group, ClusterTags.PublishPort).Where(IsPort).Select(port => int.Parse(port, CultureInfo.InvariantCulture))];

    private static bool IsNetwork(string word) => System.Net.IPNetwork.TryParse(word, out _);

    private static bool IsPort(string word) => ushort.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;

    private static List<string> Words(SecurityGroup group, string key) =>
        [.. (ClusterTags.Read(group.Tags, key) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
}
