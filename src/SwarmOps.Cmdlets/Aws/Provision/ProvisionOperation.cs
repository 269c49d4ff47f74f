using System.Collections.Concurrent;
using System.Diagnostics;
using Amazon.EC2.Model;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Firewall;
using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Provision;

/// <summary>Creates a cluster's nodes in all regions at once: read, plan, confirm, change, verify, write to the pipeline.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="clients">EC2.</param>
/// <param name="request">The request.</param>
internal sealed class ProvisionOperation(IOperationContext context, IEc2Clients clients, ProvisionRequest request)
{
    /// <summary>How long nodes with addresses wait for nodes of other regions before the security groups are updated without them.</summary>
    private static readonly TimeSpan FirewallPatience = TimeSpan.FromSeconds(10);

    private readonly RegionProgress progress = new(context, request.Regions);

    /// <summary>The regions in work, by name.</summary>
    private readonly ConcurrentDictionary<string, RegionProvisioner> provisioners = new(StringComparer.Ordinal);

    /// <summary>Waits until a node is ready; a seam for tests without hosts.</summary>
    public Func<SwarmNode, Action<string, string>, Deadline, Task<SwarmNode>> Ready { get; init; } =
        (node, tell, deadline) => new NodeReadiness(context, request.Timeout, tell).WaitAsync(node, deadline);

    /// <summary>Reads a node's host key; a seam for tests without hosts.</summary>
    public Func<Ec2Region, string, Instance, Deadline, Task<string>> HostKey { get; init; } =
        (region, name, instance, deadline) =>
            new HostKeyReader(region, request.Timeout, context.CancellationToken).ReadAsync(name, instance, deadline);

    /// <summary>Writes each node to the pipeline as soon as it is ready. A failure in one region is reported and the others continue.</summary>
    /// <exception cref="SwarmOpsException"><c>AllowSshFromMissing</c>, <c>ClusterKeyMissing</c> and others of <see cref="ProvisionErrors"/> that apply to all regions.</exception>
    public async Task RunAsync()
    {
        var publicKey = ClusterKey.Read(request);
        var plans = await ObserveAsync(publicKey).ConfigureAwait(false);
        if (plans.Count == 0)
            return;
        var intent = await IntentAsync(plans).ConfigureAwait(false);
        var makesKey = publicKey is null && plans.Any(plan => plan.ImportKeyPair);
        var consent = await AskAsync(plans, intent, makesKey).ConfigureAwait(false);
        if (makesKey && consent.Key)
        {
            publicKey = ClusterKey.Generate(request);
            context.WriteVerbose($"The cluster's SSH key {SshKeyPair.Fingerprint(publicKey)} was created in '{request.KeyFilePath}'.");
        }

        await MakeAsync(plans, intent, consent, publicKey).ConfigureAwait(false);
        progress.Finish();
    }

    private async Task<IReadOnlyList<RegionPlan>> ObserveAsync(string? publicKey)
    {
        var outcomes = await RegionWork
            .InAllAsync(
                request.Regions,
                request.ThrottleLimit,
                async name =>
                {
                    progress.Tell(name, "Reading existing resources");
                    return RegionPlan.Create(request, await Observer(name).ObserveAsync().ConfigureAwait(false));
                },
                context.CancellationToken
            )
            .ConfigureAwait(false);
        var plans = outcomes.Reported(context, request.Regions);
        var withKey = plans.Where(plan => plan.State.KeyPair is not null).ToList();
        if (publicKey is null && withKey.Count > 0)
            throw ProvisionErrors.ClusterKeyMissing(request.Cluster, request.KeyFilePath!, [.. withKey.Select(plan => plan.Region)]);
        var misfits = plans.ToDictionary(plan => plan, plan => KeyMisfit(plan, publicKey));
        foreach (var misfit in misfits.Values.OfType<SwarmOpsException>())
            context.WriteError(misfit);
        return [.. plans.Where(plan => misfits[plan] is null)];
    }

    private RegionObserver Observer(string region) => new(clients.In(region), request, context.CancellationToken);

    /// <summary>The error of a region whose key pair has another key; null if it has the same or none.</summary>
    private SwarmOpsException? KeyMisfit(RegionPlan plan, string? publicKey) =>
        plan.State.KeyPair is not { PublicKey: { Length: > 0 } theirs } || publicKey is null || SshKeyPair.IsSame(theirs, publicKey)
            ? null
            : ProvisionErrors.ClusterKeyDiffers(
                plan.Region,
                ClusterNames.KeyPair(request.Cluster),
                SshKeyPair.Fingerprint(publicKey),
                SshKeyPair.Fingerprint(theirs)
            );

    /// <summary>The inbound rules: as specified, else those of the cluster in any region.</summary>
    private async Task<FirewallIntent> IntentAsync(IReadOnlyList<RegionPlan> plans)
    {
        var recorded = FirewallIntent.OfAll(plans.SelectMany(plan => plan.State.Groups));
        // -Region limits the operation, not the cluster: a new group gets the rules of the other regions' groups.
        if ((request.AllowSshFrom is null || request.PublishPort is null) && plans.Any(plan => plan.Nodes.Any(node => !node.IsThere)))
        {
            var known = plans.ToDictionary(
                plan => plan.Region,
                plan => new RegionInventory(plan.Region, plan.State.Instances, plan.State.Groups)
            );
            var survey = await ClusterSurvey
                .OfGroupsAsync(context, clients, request.Cluster, request.ThrottleLimit, known)
                .ConfigureAwait(false);
            recorded = FirewallIntent.OfAll(survey.Regions.SelectMany(region => region.Groups));
        }

        var intent = new FirewallIntent(request.AllowSshFrom ?? recorded.AllowSshFrom, request.PublishPort ?? recorded.PublishPort);
        return intent.AllowSshFrom.Count > 0 || plans.All(plan => plan.Nodes.All(node => !node.Launch))
            ? intent
            : throw ProvisionErrors.AllowSshFromMissing(request.Cluster);
    }

    private async Task<Consent> AskAsync(IReadOnlyList<RegionPlan> plans, FirewallIntent intent, bool makesKey)
    {
        var key =
            !makesKey
            || await context.ShouldProcessAsync(request.KeyFilePath!, "Create the cluster's SSH key (ed25519)").ConfigureAwait(false);
        var refused = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var plan in plans)
        {
            foreach (var change in PlanText.Changes(request, plan))
            {
                if (!await context.ShouldProcessAsync(change.Target, change.Action).ConfigureAwait(false))
                    refused.Add((object?)change.Node ?? plan);
            }
        }

        // Rules for new nodes are unknown until they have addresses, so they are confirmed together; without new nodes, each rule is confirmed.
        var settled = plans.All(plan => plan.Nodes.All(node => node.IsThere));
        var firewall =
            settled || await context.ShouldProcessAsync($"cluster {request.Cluster}", FirewallText(plans, intent)).ConfigureAwait(false);
        return new Consent(key, firewall, settled, refused);
    }

    private static string FirewallText(IReadOnlyList<RegionPlan> plans, FirewallIntent intent) =>
        $"Open its security groups: 2377/tcp, 7946/tcp, 7946/udp, 4789/udp and protocol 50 between the addresses of all its nodes ({plans.Sum(plan => plan.Nodes.Count)} in these regions), "
        + $"22/tcp from {string.Join(", ", intent.AllowSshFrom)}{(intent.PublishPort.Count > 0 ? $", {string.Join(", ", intent.PublishPort.Select(port => port.ToRuleText()))} from the internet" : "")}; close all other ports";

    private async Task MakeAsync(IReadOnlyList<RegionPlan> plans, FirewallIntent intent, Consent consent, string? publicKey)
    {
        var work = plans.Select(plan => (Plan: plan, Nodes: plan.Nodes.Where(node => consent.Allows(plan, node)).ToList())).ToList();
        var count = work.Sum(region => region.Nodes.Count);
        progress.Expect(count);
        var firewall = new FirewallGate(count, FirewallPatience, () => OpenFirewallAsync(consent));
        await Task.WhenAll(work.Select(region => MakeAsync(region.Plan, region.Nodes, intent, publicKey, firewall))).ConfigureAwait(false);
    }

    private async Task<IReadOnlySet<string>> OpenFirewallAsync(Consent consent)
    {
        if (!consent.Firewall)
            return request.Regions.ToHashSet(StringComparer.Ordinal);
        var operation = new FirewallOperation(
            context,
            new EveryRegion(clients),
            new FirewallRequest(request.Cluster)
            {
                // Settings that were not specified are taken from each group's tags, in the regions of this run and in all others.
                AllowSshFrom = request.AllowSshFrom,
                PublishPort = request.PublishPort,
                Ask = consent.AskRules,
                Known = Known(),
                Seen = (region, groups) => provisioners.GetValueOrDefault(region)?.See(groups),
                ThrottleLimit = request.ThrottleLimit,
            }
        );
        return (await operation.RunAsync().ConfigureAwait(false)).Select(group => group.Region).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The regions of which this run knows enough to update the security groups.</summary>
    private Dictionary<string, RegionInventory> Known()
    {
        var since = provisioners.Values.Max(provisioner => provisioner.GroupsCreatedAt);
        return provisioners
            .Values.Select(provisioner => provisioner.Inventory(since))
            .OfType<RegionInventory>()
            .ToDictionary(region => region.Region, StringComparer.Ordinal);
    }

    private async Task MakeAsync(
        RegionPlan plan,
        IReadOnlyList<NodePlan> nodes,
        FirewallIntent intent,
        string? publicKey,
        FirewallGate firewall
    )
    {
        var provisioner = Provisioner(plan, intent);
        try
        {
            if (nodes.Any(node => !node.IsThere) && !await provisioner.PrepareAsync(publicKey ?? "").ConfigureAwait(false))
            {
                plan = await ReplanAsync(plan, publicKey).ConfigureAwait(false);
                nodes = [.. plan.Nodes.Where(node => nodes.Any(agreed => agreed.Name == node.Name))];
                provisioner = Provisioner(plan, intent);
                provisioner.GroupsCreatedAt = Stopwatch.GetTimestamp();
                await provisioner.PrepareAsync(publicKey ?? "").ConfigureAwait(false);
            }
        }
        catch (SwarmOpsException error)
        {
            context.WriteError(error);
            foreach (var _ in nodes)
                firewall.Withdraw();
            progress.Finish(plan.Region);
            return;
        }

        using var gate = new SemaphoreSlim(request.ThrottleLimit);
        await Task.WhenAll(nodes.Select(node => MakeReportedAsync(plan, node, provisioner, firewall, gate))).ConfigureAwait(false);
        progress.Finish(plan.Region);
    }

    private RegionProvisioner Provisioner(RegionPlan plan, FirewallIntent intent) =>
        provisioners[plan.Region] = new RegionProvisioner(
            clients.In(plan.Region),
            request,
            plan,
            intent,
            (node, text) => progress.Tell(plan.Region, node, text),
            context.CancellationToken
        );

    /// <summary>
    /// The plan of a region that EC2's list of tags showed as empty and that is not: an interrupted run has just begun there, or another one is at work. It may only do
    /// what was confirmed.
    /// </summary>
    private async Task<RegionPlan> ReplanAsync(RegionPlan plan, string? publicKey)
    {
        var state = await Observer(plan.Region).ReadAsync().ConfigureAwait(false);
        var next = RegionPlan.Create(request, state with { Ground = plan.State.Ground });
        if (KeyMisfit(next, publicKey) is { } misfit)
            throw misfit;
        return
            next.Nodes.All(node => node.Launch && node.Surplus.Count == 0)
            && next.Nodes.Select(node => node.Name).SequenceEqual(plan.Nodes.Select(node => node.Name), StringComparer.Ordinal)
            ? next
            : throw ProvisionErrors.RegionChanged(request.Cluster, plan.Region);
    }

    private async Task MakeReportedAsync(
        RegionPlan plan,
        NodePlan node,
        RegionProvisioner provisioner,
        FirewallGate firewall,
        SemaphoreSlim gate
    )
    {
        await gate.WaitAsync(context.CancellationToken).ConfigureAwait(false);
        try
        {
            var ready = await MakeAsync(plan, node, provisioner, firewall).ConfigureAwait(false);
            progress.Finish(plan.Region, node.Name, ready is null ? "failed, because its security group is not up to date" : "ready");
            if (ready is not null)
                context.WriteObject(ready);
        }
        catch (SwarmOpsException error)
        {
            context.WriteError(error);
            progress.Finish(plan.Region, node.Name, "failed");
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Null if the security groups of the node's region could not be updated, which was reported.</summary>
    private async Task<SwarmNode?> MakeAsync(RegionPlan plan, NodePlan node, RegionProvisioner provisioner, FirewallGate firewall)
    {
        var deadline = Deadline.In(request.Timeout);
        Instance instance;
        try
        {
            instance = await provisioner.MakeAsync(node, deadline).ConfigureAwait(false);
        }
        catch
        {
            firewall.Withdraw();
            throw;
        }

        var opening = firewall.PassAsync();
        var hostKey = HostKey(clients.In(plan.Region), node.Name, instance, deadline);
        if (!(await opening.ConfigureAwait(false)).Contains(plan.Region))
            return null;
        var described = InstanceMapper.ToNode(instance, plan.Region, request.KeyFilePath, request.Credential);
        return await Ready(
                described with
                {
                    HostKeyFingerprint = await hostKey.ConfigureAwait(false),
                },
                (name, text) => progress.Tell(plan.Region, name, text),
                deadline
            )
            .ConfigureAwait(false);
    }

    /// <summary>What the user confirmed.</summary>
    /// <param name="Key">Whether a key pair may be created.</param>
    /// <param name="Firewall">Whether the security groups may be changed.</param>
    /// <param name="AskRules">Whether each rule needs confirmation.</param>
    /// <param name="Refused">Regions and nodes with a declined change.</param>
    private sealed record Consent(bool Key, bool Firewall, bool AskRules, HashSet<object> Refused)
    {
        /// <summary>Whether a node may be processed. A complete node always may.</summary>
        public bool Allows(RegionPlan plan, NodePlan node) =>
            node.IsThere || (Key && Firewall && !Refused.Contains(plan) && !Refused.Contains(node));
    }
}
