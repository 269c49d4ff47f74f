using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Firewall;

/// <summary>Changes one security group, and reads it until the change is visible.</summary>
internal sealed class GroupUpdate(Ec2Region region, GroupChange change, TimeSpan timeout, CancellationToken cancellationToken)
{
    private const string RuleLimit = "RulesPerSecurityGroupLimitExceeded";

    /// <summary>Someone else made the same change in the meantime, or EC2 applied a part of it before it failed: reading again shows what remains.</summary>
    private static readonly string[] AlreadyDone = ["InvalidPermission.Duplicate", "InvalidPermission.NotFound"];

    /// <summary>Applies the change.</summary>
    /// <returns>The group after the change.</returns>
    /// <exception cref="SwarmOpsException"><c>FirewallNotInSync</c>, <c>Ec2GroupNotFound</c>; those of <see cref="Ec2Errors"/>.</exception>
    public async Task<SwarmFirewall> RunAsync(string cluster)
    {
        if (change.Intent is { } intent)
        {
            // The intent is written first, so that a later run can complete an interrupted one.
            var request = new CreateTagsRequest { Resources = [change.Group.GroupId], Tags = intent.ToTags() };
            await region.AskAsync(ec2 => ec2.CreateTagsAsync(request, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        var present = FirewallRules.Of(change.Group);
        var left = Left(present);
        if (!left.IsNone)
        {
            await Polling
                .UntilAsync(
                    async () =>
                    {
                        await TryAsync(left).ConfigureAwait(false);
                        present = await ReadAsync().ConfigureAwait(false);
                        left = Left(present);
                        return left.IsNone ? left : null;
                    },
                    timeout,
                    cancellationToken,
                    Polling.GentlePause
                )
                .ConfigureAwait(false);
        }

        var firewall = Describe(cluster, present);
        return left.IsNone ? firewall : throw FirewallErrors.FirewallNotInSync(firewall, left, timeout);
    }

    private FirewallDrift Left(IReadOnlyList<SwarmFirewallRule> present) =>
        new([.. change.Add.Except(present)], [.. change.Revoke.Intersect(present)]);

    /// <summary>Adds before it revokes, so that permitted traffic is not interrupted; the other way round if the group has reached its quota.</summary>
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

    private Task AddAsync(IReadOnlyList<SwarmFirewallRule> rules) =>
        ChangeAsync(
            rules,
            some =>
                region.AskAsync(
                    ec2 =>
                        ec2.AuthorizeSecurityGroupIngressAsync(
                            new AuthorizeSecurityGroupIngressRequest
                            {
                                GroupId = change.Group.GroupId,
                                IpPermissions = FirewallRules.ToPermissions(some),
                            },
                            cancellationToken
                        ),
                    cancellationToken
                )
        );

    private Task RevokeAsync(IReadOnlyList<SwarmFirewallRule> rules) =>
        ChangeAsync(
            rules,
            some =>
                region.AskAsync(
                    ec2 =>
                        ec2.RevokeSecurityGroupIngressAsync(
                            new RevokeSecurityGroupIngressRequest
                            {
                                GroupId = change.Group.GroupId,
                                IpPermissions = FirewallRules.ToPermissions(some),
                            },
                            cancellationToken
                        ),
                    cancellationToken
                )
        );

    /// <summary>All in one call; if one of them already exists, EC2 rejects the call, and they are applied one by one.</summary>
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
        var answer = await region
            .AskAsync(ec2 => ec2.DescribeSecurityGroupsAsync(request, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return FirewallRules.Of(answer.SecurityGroups[0]);
    }

    private SwarmFirewall Describe(string cluster, IReadOnlyList<SwarmFirewallRule> present) =>
        new()
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
