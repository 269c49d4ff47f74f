using System.Collections.Concurrent;
using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Firewall;

/// <summary>
/// Makes the rules of a cluster's security groups match its node set, in all regions at once. New- and Remove-SwarmRegionNode use it, too, with
/// <see cref="FirewallRequest.Ask"/> false, because they have their own confirmation.
/// </summary>
internal sealed class FirewallOperation(IOperationContext context, IEc2Clients clients, FirewallRequest request)
{
    /// <summary>The groups that were there after the changes.</summary>
    private readonly ConcurrentBag<string> present = [];

    /// <summary>Reads all enabled regions, then changes the groups.</summary>
    /// <returns>The groups after the change; those with errors are reported and left out.</returns>
    /// <exception cref="SwarmOpsException"><c>FirewallNotFound</c>; those of <see cref="Ec2Errors"/> if the regions cannot be listed.</exception>
    public async Task<IReadOnlyList<SwarmFirewall>> RunAsync()
    {
        var survey = request.Survey ?? await TakeSurveyAsync().ConfigureAwait(false);
        var view = new FirewallView(request.Cluster, survey, request.Leaving);
        var (groups, peers) = (view.Groups, view.Peers);
        if (groups.Count == 0)
            throw FirewallErrors.FirewallNotFound(request.Cluster);
        foreach (var node in view.Outside)
            context.WriteError(FirewallErrors.NodeOutsideFirewall(node));
        var unknown = view.Unknown(clients.ExcludedRegions);
        if (unknown.Count > 0)
        {
            context.WriteWarning(
                $"It is unknown what the cluster '{request.Cluster}' has in {string.Join(", ", unknown)}, so no rule is revoked that a node there may need. Missing rules are added. "
                    + "Run the same command again with credentials that are authorized to read every region; if the cluster never had a node there, specify -ExcludeRegion."
            );
        }

        var leaving = AddressesOfLeaving(survey);
        var gone = unknown.Count == 0 ? null : leaving;

        // Confirmations come first, one at a time, in the order of the regions.
        var plans = new List<GroupChange>();
        foreach (var (region, group) in groups.Where(entry => request.Regions?.Contains(entry.Region) is not false))
        {
            if ((request.AllowSshFrom is null || request.PublishPort is null) && FirewallIntent.Unreadable(group) is { } text)
                context.WriteError(FirewallErrors.FirewallTagInvalid(request.Cluster, region, group, text));
            else
                plans.Add(await PlanAsync(region, group, peers, view.Inherited, gone).ConfigureAwait(false));
        }

        // Rules of removed nodes need no second check.
        if (plans.Exists(plan => plan.Revoke.Any(rule => !leaving.Contains(rule.Source))))
            plans = await SpareNewcomersAsync(plans, peers, leaving).ConfigureAwait(false);
        var outcomes = await Task.WhenAll(plans.Select(ApplyReportedAsync)).ConfigureAwait(false);
        // Another administrator has created a group in a region that the caller had read before.
        return request.Known.Count > 0 && present.Any(id => !view.GroupIds.Contains(id))
            ? await new FirewallOperation(context, clients, request with { Known = new Dictionary<string, RegionInventory>() })
                .RunAsync()
                .ConfigureAwait(false)
            : [.. outcomes.OfType<SwarmFirewall>()];
    }

    private Task<ClusterSurvey> TakeSurveyAsync() =>
        ClusterSurvey.TakeAsync(context, clients, request.Cluster, request.ThrottleLimit, request.Known);

    /// <summary>Another administrator may have created a node since the regions were read, whose rules look surplus: its address is checked again before anything is revoked.</summary>
    private async Task<List<GroupChange>> SpareNewcomersAsync(
        List<GroupChange> plans,
        IReadOnlyList<FirewallPeer> peers,
        HashSet<string> leaving
    )
    {
        var known = peers.Select(peer => peer.PublicAddress).ToHashSet(StringComparer.Ordinal);
        var survey = await ClusterSurvey.OfInstancesAsync(context, clients, request.Cluster, request.ThrottleLimit).ConfigureAwait(false);
        var newcomers = survey
            .Regions.SelectMany(region => region.Instances)
            .Where(instance =>
                instance.PublicIpAddress is { } address
                && !known.Contains(address)
                && !request.Leaving.Contains(instance.InstanceId)
                && !InstanceStates.IsGoing(instance)
            )
            .Select(instance => $"{instance.PublicIpAddress}/32")
            .ToHashSet(StringComparer.Ordinal);
        var isWhole = !survey.Unknown.Except(clients.ExcludedRegions).Any();
        return
        [
            .. plans.Select(plan =>
                plan with
                {
                    Revoke = [.. plan.Revoke.Where(rule => leaving.Contains(rule.Source) || (isWhole && !newcomers.Contains(rule.Source)))],
                }
            ),
        ];
    }

    /// <summary>The sources that are certainly no longer needed.</summary>
    private HashSet<string> AddressesOfLeaving(ClusterSurvey survey) =>
        [
            .. survey
                .Regions.SelectMany(region => region.Instances)
                .Where(instance => request.Leaving.Contains(instance.InstanceId) && instance.PublicIpAddress is not null)
                .Select(instance => $"{instance.PublicIpAddress}/32"),
        ];

    private async Task<GroupChange> PlanAsync(
        string region,
        SecurityGroup group,
        IReadOnlyList<FirewallPeer> peers,
        FirewallIntent inherited,
        HashSet<string>? gone
    )
    {
        var recorded = FirewallIntent.Of(group);
        var basis = FirewallIntent.Of(group, inherited);
        var intent = new FirewallIntent(request.AllowSshFrom ?? basis.AllowSshFrom, request.PublishPort ?? basis.PublishPort);
        var wanted = FirewallPlan.Wanted(group.GroupId, peers, intent);
        var drift = FirewallPlan.Compare(wanted, FirewallRules.Of(group));
        var target = $"security group {group.GroupName} ({group.GroupId}) in {region}";
        var tags =
            !intent.SameAs(recorded)
            && await AgreesAsync(
                    target,
                    $"Record in its tags: SSH from {Words(intent.AllowSshFrom)}, published ports {Words(intent.PublishPort)}"
                )
                .ConfigureAwait(false);
        var add = await ChooseAsync(drift.Missing, rule => AgreesAsync(target, $"Add the rule {rule}{Purpose(rule)}"))
            .ConfigureAwait(false);
        var revoke = await ChooseAsync(
                [.. drift.Surplus.Where(rule => gone is null || gone.Contains(rule.Source))],
                rule => AgreesAsync(target, $"Revoke the rule {rule}{Purpose(rule)}")
            )
            .ConfigureAwait(false);
        return new GroupChange(region, group, wanted, drift, tags ? intent : null, add, revoke);
    }

    private async Task<SwarmFirewall?> ApplyReportedAsync(GroupChange change)
    {
        try
        {
            var update = new GroupUpdate(clients.In(change.Region), change, request.Timeout, context.CancellationToken)
            {
                Seen = groups => Note(change.Region, groups),
            };
            return await update.RunAsync(request.Cluster).ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
        {
            context.WriteError(error);
            return null;
        }
    }

    private void Note(string region, IReadOnlyList<SecurityGroup> groups)
    {
        foreach (var group in groups)
            present.Add(group.GroupId);
        request.Seen(region, groups);
    }

    private static async Task<IReadOnlyList<SwarmFirewallRule>> ChooseAsync(
        IReadOnlyList<SwarmFirewallRule> rules,
        Func<SwarmFirewallRule, Task<bool>> agrees
    )
    {
        var chosen = new List<SwarmFirewallRule>();
        foreach (var rule in rules)
        {
            if (await agrees(rule).ConfigureAwait(false))
                chosen.Add(rule);
        }

        return chosen;
    }

    private Task<bool> AgreesAsync(string target, string action) =>
        request.Ask ? context.ShouldProcessAsync(target, action) : Task.FromResult(true);

    private static string Purpose(SwarmFirewallRule rule) => rule.Purpose.Length == 0 ? "" : $" ({rule.Purpose})";

    private static string Words<T>(IReadOnlyCollection<T> values) => values.Count == 0 ? "none" : string.Join(", ", values);
}
