using Amazon.EC2.Model;

namespace SwarmOps.Aws.Firewall;

/// <summary>Converts rules between EC2's form and the module's.</summary>
internal static class FirewallRules
{
    private const string EveryProtocol = "-1";

    /// <summary>The inbound rules of a group, one for each source.</summary>
    public static IReadOnlyList<SwarmFirewallRule> Of(SecurityGroup group) =>
        [
            .. (group.IpPermissions ?? []).SelectMany(permission =>
                Sources(permission, group.OwnerId).Select(source => Rule(permission, source.Source, source.Purpose))
            ),
        ];

    /// <summary>Rules in EC2's form.</summary>
    public static List<IpPermission> ToPermissions(IEnumerable<SwarmFirewallRule> rules) => [.. rules.Select(ToPermission)];

    private static IEnumerable<(string Source, string? Purpose)> Sources(IpPermission permission, string? owner) =>
        [
            .. (permission.Ipv4Ranges ?? []).Select(range => (range.CidrIp, (string?)range.Description)),
            .. (permission.Ipv6Ranges ?? []).Select(range => (range.CidrIpv6, (string?)range.Description)),
            .. (permission.PrefixListIds ?? []).Select(list => (list.Id, (string?)list.Description)),
            .. (permission.UserIdGroupPairs ?? []).Select(pair =>
                (pair.UserId is null || pair.UserId == owner ? pair.GroupId : $"{pair.UserId}/{pair.GroupId}", (string?)pair.Description)
            ),
        ];

    private static SwarmFirewallRule Rule(IpPermission permission, string source, string? purpose)
    {
        var protocol = permission.IpProtocol switch
        {
            EveryProtocol => "all",
            "6" => "tcp",
            "17" => "udp",
            "1" => "icmp",
            var name => name,
        };
        var hasPorts = protocol is "tcp" or "udp" || (protocol is "icmp" or "icmpv6" && permission.FromPort is not (null or -1));
        return new SwarmFirewallRule
        {
            Protocol = protocol,
            FromPort = hasPorts ? permission.FromPort : null,
            ToPort = hasPorts ? permission.ToPort : null,
            Source = source,
            Purpose = purpose ?? "",
        };
    }

    private static IpPermission ToPermission(SwarmFirewallRule rule)
    {
        var permission = new IpPermission
        {
            IpProtocol = rule.Protocol == "all" ? EveryProtocol : rule.Protocol,
            // EC2 requires -1 for a protocol without ports.
            FromPort = rule.FromPort ?? -1,
            ToPort = rule.ToPort ?? -1,
        };
        var purpose = Description(rule.Purpose);
        if (rule.Source.Contains("sg-", StringComparison.Ordinal))
            permission.UserIdGroupPairs = [Pair(rule.Source, purpose)];
        else if (rule.Source.StartsWith("pl-", StringComparison.Ordinal))
            permission.PrefixListIds = [new PrefixListId { Id = rule.Source, Description = purpose }];
        else if (rule.Source.Contains(':', StringComparison.Ordinal))
            permission.Ipv6Ranges = [new Ipv6Range { CidrIpv6 = rule.Source, Description = purpose }];
        else
            permission.Ipv4Ranges = [new IpRange { CidrIp = rule.Source, Description = purpose }];
        return permission;
    }

    private static UserIdGroupPair Pair(string source, string? purpose) =>
        source.Split('/') is [var user, var group]
            ? new UserIdGroupPair
            {
                UserId = user,
                GroupId = group,
                Description = purpose,
            }
            : new UserIdGroupPair { GroupId = source, Description = purpose };

    /// <summary>EC2 accepts up to 255 characters; the purposes are node names and short texts.</summary>
    private static string? Description(string purpose) => purpose.Length == 0 ? null : purpose;
}
