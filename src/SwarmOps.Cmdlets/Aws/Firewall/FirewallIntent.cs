using Amazon.EC2.Model;
using SwarmOps.Aws.Cluster;

namespace SwarmOps.Aws.Firewall;

/// <summary>The allowed inbound traffic besides that between nodes. Stored in the tags of the cluster's security groups.</summary>
/// <param name="AllowSshFrom">CIDRs that are allowed to use SSH.</param>
/// <param name="PublishPort">Ports that are open to the internet.</param>
internal sealed record FirewallIntent(IReadOnlyList<string> AllowSshFrom, IReadOnlyList<OpenPort> PublishPort)
{
    /// <summary>Only traffic between nodes.</summary>
    public static readonly FirewallIntent None = new([], []);

    /// <summary>The intent in a group's tags, as far as it can be parsed; null if one of the two tags is missing: both are always written, so its value is unknown.</summary>
    public static FirewallIntent? Of(SecurityGroup group) =>
        Has(group, ClusterTags.AllowSshFrom) && Has(group, ClusterTags.PublishPort)
            ? new FirewallIntent(Networks(group), Ports(group))
            : null;

    /// <summary>The effective intent of a group: its own tags; for a missing tag, the union of all groups' tags and its current rules, since a missing tag revokes nothing.</summary>
    public static FirewallIntent Of(SecurityGroup group, FirewallIntent inherited) =>
        new(
            Has(group, ClusterTags.AllowSshFrom)
                ? Networks(group)
                : [.. inherited.AllowSshFrom.Union(FirewallPlan.SshSources(FirewallRules.Of(group)))],
            Has(group, ClusterTags.PublishPort)
                ? Ports(group)
                : [.. inherited.PublishPort.Union(FirewallPlan.OpenPorts(FirewallRules.Of(group)))]
        );

    /// <summary>Text in a group's tags that is neither a network nor a port, because they were edited; null if all can be parsed.</summary>
    public static string? Unreadable(SecurityGroup group) =>
        Words(group, ClusterTags.PublishPort).Find(word => OpenPort.TryParse(word) is null)
        ?? Words(group, ClusterTags.AllowSshFrom).Find(word => !SourceNetwork.IsNetwork(word));

    /// <summary>The union of the tags of all of a cluster's groups, which applies to a group without tags.</summary>
    public static FirewallIntent OfAll(IEnumerable<SecurityGroup> groups)
    {
        var all = groups.ToList();
        return new FirewallIntent([.. all.SelectMany(Networks).Distinct()], [.. all.SelectMany(Ports).Distinct()]);
    }

    /// <summary>The intent as tags.</summary>
    public List<Tag> ToTags() =>
        [
            new Tag(ClusterTags.AllowSshFrom, string.Join(' ', AllowSshFrom)),
            new Tag(ClusterTags.PublishPort, string.Join(' ', PublishPort)),
        ];

    /// <summary>Whether both are equal.</summary>
    public bool SameAs(FirewallIntent? other) =>
        other is not null && AllowSshFrom.ToHashSet().SetEquals(other.AllowSshFrom) && PublishPort.ToHashSet().SetEquals(other.PublishPort);

    private static bool Has(SecurityGroup group, string key) => group.Tags?.Any(tag => tag.Key == key) is true;

    private static List<string> Networks(SecurityGroup group) => [.. Words(group, ClusterTags.AllowSshFrom).Where(SourceNetwork.IsNetwork)];

    private static List<OpenPort> Ports(SecurityGroup group) =>
        [.. Words(group, ClusterTags.PublishPort).Select(OpenPort.TryParse).OfType<OpenPort>()];

    private static List<string> Words(SecurityGroup group, string key) =>
        [
            .. (ClusterTags.Read(group.Tags, key) ?? "")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Distinct(),
        ];
}
