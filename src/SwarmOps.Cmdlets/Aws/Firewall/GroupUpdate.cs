using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Firewall;

/// <summary>Changes one security group, and reads it until the change is visible.</summary>
internal sealed class GroupUpdate(Ec2Region region, GroupChange change, TimeSpan timeout, CancellationToken cancellationToken)
{
    private const string RuleLimit = "RulesPerSecurityGroupLimitExceeded";

    /// <summary>Someone else made the same change in the meantime, or EC2 applied a part of it before it failed: reading again shows what remains.</summary>
    private static readonly string[] AlreadyDone = ["InvalidPermission.Duplicate", "InvalidPermission.NotFound"];

    /// <summary>How long a change that EC2 has accepted may be invisible before it is made again.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(10);

    /// <summary>Told all security groups of the cluster in the region each time they are read.</summary>
    public Action<IReadOnlyList<SecurityGroup>> Seen { get; init; } = _ => { };

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
        Deadline? accepted = null;
        if (!left.IsNone)
        {
            await Polling
                .UntilAsync(
                    async () =>
                    {
                        if (accepted?.LeavesTimeFor(TimeSpan.Zero) is not true)
                            accepted = await TryAsync(left).ConfigureAwait(false) ? Deadline.In(Delay) : null;
                        present = await ReadAsync(cluster).ConfigureAwait(false) ?? present;
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
    /// <returns>Whether EC2 has accepted all of it.</returns>
    private async Task<bool> TryAsync(FirewallDrift left)
    {
        bool added;
        try
        {
            added = await AddAsync(left.Missing).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (Ec2Errors.CodeOf(error) == RuleLimit && left.Surplus.Count > 0)
        {
            var revoked = await RevokeAsync(left.Surplus).ConfigureAwait(false);
            return await AddAsync(left.Missing).ConfigureAwait(false) && revoked;
        }

        return await RevokeAsync(left.Surplus).ConfigureAwait(false) && added;
    }

    private Task<bool> AddAsync(IReadOnlyList<SwarmFirewallRule> rules)
    {
        var request = new AuthorizeSecurityGroupIngressRequest
        {
            GroupId = change.Group.GroupId,
            IpPermissions = FirewallRules.ToPermissions(rules),
        };
        return ChangeAsync(
            rules,
            () => region.AskAsync(ec2 => ec2.AuthorizeSecurityGroupIngressAsync(request, cancellationToken), cancellationToken)
        );
    }

    private Task<bool> RevokeAsync(IReadOnlyList<SwarmFirewallRule> rules)
    {
        var request = new RevokeSecurityGroupIngressRequest
        {
            GroupId = change.Group.GroupId,
            IpPermissions = FirewallRules.ToPermissions(rules),
        };
        return ChangeAsync(
            rules,
            () => region.AskAsync(ec2 => ec2.RevokeSecurityGroupIngressAsync(request, cancellationToken), cancellationToken)
        );
    }

    /// <summary>All in one call. If one of them was already done, EC2 rejects the call; reading again shows what remains.</summary>
    private static async Task<bool> ChangeAsync<T>(IReadOnlyList<SwarmFirewallRule> rules, Func<Task<T>> call)
    {
        if (rules.Count == 0)
            return true;
        try
        {
            await call().ConfigureAwait(false);
            return true;
        }
        catch (SwarmOpsException error) when (AlreadyDone.Contains(Ec2Errors.CodeOf(error)))
        {
            return false;
        }
    }

    /// <summary>Reads by the cluster's tag, which also shows groups that another administrator has created; null if EC2 does not list a new group yet.</summary>
    private async Task<IReadOnlyList<SwarmFirewallRule>?> ReadAsync(string cluster)
    {
        var groups = await ClusterInventory.GroupsAsync(region, cluster, cancellationToken).ConfigureAwait(false);
        Seen(groups);
        return groups.FirstOrDefault(group => group.GroupId == change.Group.GroupId) is { } found ? FirewallRules.Of(found) : null;
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
