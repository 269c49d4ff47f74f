using Amazon.EC2.Model;
using SwarmOps.Swarm;

namespace SwarmOps.Aws;

/// <summary>Changes one security group, and reads it back until it is as it was made.</summary>
internal sealed class GroupUpdate(Ec2Region region, GroupChange change, TimeSpan timeout, CancellationToken cancellationToken)
{
    private const string RuleLimit = "RulesPerSecurityGroupLimitExceeded";

    /// <summary>Someone else did the same meanwhile, or EC2 did a part of it before it failed: reading again shows what is left.</summary>
    private static readonly string[] AlreadyDone = ["InvalidPermission.Duplicate", "InvalidPermission.NotFound"];

    /// <summary>Runs it.</summary>
    /// <returns>The group as it is now.</returns>
    /// <exception cref="SwarmOpsException"><c>FirewallNotInSync</c>, <c>Ec2GroupNotFound</c>; those of <see cref="Ec2Errors"/>.</exception>
    public async Task<SwarmFirewall> RunAsync(string cluster)
    {
        if (change.Intent is { } intent)
        {
            // The intent first: whoever finishes a run that was killed here knows it.
            var request = new CreateTagsRequest { Resources = [change.Group.GroupId], Tags = intent.ToTags() };
            await region.AskAsync(ec2 => ec2.CreateTagsAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        var present = FirewallRules.Of(change.Group);
        var left = Left(present);
        if (!left.IsNone)
        {
            await Polling.UntilAsync(
                async () =>
                {
                    await TryAsync(left).ConfigureAwait(false);
                    present = await ReadAsync().ConfigureAwait(false);
                    left = Left(present);
                    return left.IsNone ? left : null;
                },
                timeout,
                cancellationToken).ConfigureAwait(false);
        }

        var firewall = Describe(cluster, present);
        return left.IsNone ? firewall : throw FirewallErrors.FirewallNotInSync(firewall, left, timeout);
    }

    private FirewallDrift Left(IReadOnlyList<SwarmFirewallRule> present) => new([.. change.Add.Except(present)], [.. change.Revoke.Intersect(present)]);

    /// <summary>Adds before it revokes, so that nothing is cut that stays; the other way round where the group is full.</summary>
    private async Task TryAsync(FirewallDrift left)
    {
        try
        {
            await AddAsync(left.Missing).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (Ec2Errors.CodeOf(error) == RuleLimit && left.Surplus.Count > 0)
        {
            await RevokeAsync(left.Surplus).ConfigureAwait(false);
            await AddAsync(left.Missing).ConfigureAwait(false);
            return;
        }

        await RevokeAsync(left.Surplus).ConfigureAwait(false);
    }

    private Task AddAsync(IReadOnlyList<SwarmFirewallRule> rules) => ChangeAsync(rules, some => region.AskAsync(
        ec2 => ec2.AuthorizeSecurityGroupIngressAsync(
            new AuthorizeSecurityGroupIngressRequest { GroupId = change.Group.GroupId, IpPermissions = FirewallRules.ToPermissions(some) }, cancellationToken),
        cancellationToken));

    private Task RevokeAsync(IReadOnlyList<SwarmFirewallRule> rules) => ChangeAsync(rules, some => region.AskAsync(
        ec2 => ec2.RevokeSecurityGroupIngressAsync(
            new RevokeSecurityGroupIngressRequest { GroupId = change.Group.GroupId, IpPermissions = FirewallRules.ToPermissions(some) }, cancellationToken),
        cancellationToken));

    /// <summary>All in one call; where one of them is done already EC2 refuses the whole, and they are done one by one.</summary>
    private static async Task ChangeAsync<T>(IReadOnlyList<SwarmFirewallRule> rules, Func<IReadOnlyList<SwarmFirewallRule>, Task<T>> call)
    {
        if (rules.Count == 0)
            return;
        try
        {
            await call(rules).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (AlreadyDone.Contains(Ec2Errors.CodeOf(error)))
        {
            foreach (var rule in rules.Count > 1 ? rules : [])
                await ChangeAsync([rule], call).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<SwarmFirewallRule>> ReadAsync()
    {
        var request = new DescribeSecurityGroupsRequest { GroupIds = [change.Group.GroupId] };
        var answer = await region.AskAsync(ec2 => ec2.DescribeSecurityGroupsAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        return FirewallRules.Of(answer.SecurityGroups[0]);
    }

    private SwarmFirewall Describe(string cluster, IReadOnlyList<SwarmFirewallRule> present) => new()
    {
        Cluster = cluster,
        Region = change.Region,
        VpcId = change.Group.VpcId,
        GroupId = change.Group.GroupId,
        GroupName = change.Group.GroupName,
        MissingRules = change.Drift.Missing,
        SurplusRules = change.Drift.Surplus,
        Rules = present,
        InSync = FirewallPlan.Compare(change.Wanted, present).IsNone,
    };
}
