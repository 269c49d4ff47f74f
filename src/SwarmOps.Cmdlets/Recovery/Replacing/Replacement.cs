using Amazon.EC2;
using Amazon.EC2.Model;
using Docker.DotNet.Models;
using SwarmOps.Aws.Api;
using SwarmOps.Aws.Cluster;
using SwarmOps.Aws.Provision;
using SwarmOps.Aws.Removal;
using SwarmOps.Maintenance;
using SwarmOps.Maintenance.Suspension;
using SwarmOps.Overlay;
using SwarmOps.Pipeline;
using SwarmOps.Recovery.Moving;
using SwarmOps.Swarm.Access;
using SwarmOps.Swarm.Managers;
using SwarmOps.Swarm.Members;

namespace SwarmOps.Recovery.Replacing;

/// <summary>The replacement of one node's instance, from whatever an earlier run has left.</summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="clients">EC2.</param>
/// <param name="request">The request.</param>
/// <param name="region">The node's region.</param>
/// <param name="instances">The cluster's instances.</param>
internal sealed class Replacement(
    IOperationContext context,
    IEc2Clients clients,
    ReplaceRequest request,
    string region,
    IReadOnlyList<(Instance Instance, string Region)> instances
)
{
    /// <summary>The progress activity.</summary>
    public const string Activity = "New-SwarmRegionNode";

    private readonly TimeSpan timeout = request.Provision.Timeout;
    private readonly Succession succession = new(
        context,
        new SuccessionSettings(Activity, request.Provision.Timeout) { ThrottleLimit = request.Provision.ThrottleLimit }
    );

    private string Name => request.Name;

    /// <summary>Runs it.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="ReplaceOperation"/>.</exception>
    public async Task RunAsync()
    {
        var present = Present();
        var others = instances
            .Where(found => found.Instance.State?.Name == InstanceStateName.Running && NameOf(found.Instance) != Name)
            .Select(found => NodeOf(found.Instance, found.Region))
            .ToList();
        var old = present is null ? new SwarmNode { Name = Name, Region = region } : NodeOf(present, region);
        var session = await FindAsync([.. others, .. present is null ? [] : new[] { old }]).ConfigureAwait(false);
        foreach (var silent in session.Silent.Where(report => report.Node.Name != Name))
            context.WriteWarning($"{silent.Failure!.Message.TrimEnd('.')}. Continuing without it.");
        var report = session.Reports.FirstOrDefault(report => report.Node.Name == Name) ?? new NodeReport(old, null, null);
        var entry =
            MovedMark.Former(session.View, MovedMark.NodeLabel, Name)
            ?? session.MemberOf(report)
            ?? throw SwarmErrors.NodeNotInSwarm(old, session.SwarmId);
        var replaced = MovedMark.Value(entry, MovedMark.InstanceLabel)?.Split('/');
        var goes = present is not null && (replaced is null || replaced[0] == present.InstanceId);
        var type =
            request.HasInstanceType ? request.Provision.InstanceType
            : goes ? present!.InstanceType?.Value
            : replaced is [_, { Length: > 0 } known] ? known
            : null;
        if (goes || present is null)
            RefuseManager(report, entry, ManagerTally.Of(session.View));
        if (goes)
            await RefuseAsync(session, report, entry).ConfigureAwait(false);
        if (!await AgreesAsync(old, report, entry, goes ? present : null, type).ConfigureAwait(false))
            return;
        if (replaced is null)
            await session
                .UpdateMemberAsync(
                    entry.ID,
                    spec =>
                        MovedMark.Set(
                            spec,
                            (MovedMark.NodeLabel, Name),
                            (MovedMark.InstanceLabel, $"{present?.InstanceId ?? "none"}/{present?.InstanceType?.Value}")
                        ),
                    timeout
                )
                .ConfigureAwait(false);
        if (goes || present is null)
            await LeaveAsync(session, report, entry).ConfigureAwait(false);
        if (goes)
            await TerminateAsync(present!.InstanceId).ConfigureAwait(false);
        var node = await MakeAsync(type).ConfigureAwait(false);
        context.WriteObject(await EnterAsync(others, node).ConfigureAwait(false));
        context.WriteProgress(new OperationProgress(0, Activity, "Done", 100, Completed: true));
    }

    private static string? NameOf(Instance instance) => ClusterTags.Read(instance.Tags, ClusterTags.Name);

    private Instance? Present()
    {
        var named = instances
            .Where(found => found.Region == region && NameOf(found.Instance) == Name)
            .Select(found => found.Instance)
            .ToList();
        return named.Count > 1
            ? throw ReplaceErrors.ReplacedNameTwice(Name, [.. named.Select(instance => instance.InstanceId)])
            : named.FirstOrDefault();
    }

    private SwarmNode NodeOf(Instance instance, string where) =>
        InstanceMapper.ToNode(instance, where, request.Provision.KeyFilePath, request.Provision.Credential);

    private Task<SwarmSession> FindAsync(IReadOnlyList<SwarmNode> nodes) =>
        SwarmSession.FindAsync(context, nodes, request.Provision.ThrottleLimit);

    /// <summary>The managers that are left must have a quorum, also where the instance is gone already: it is demoted then, too.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="DemotionPlan.RefuseUnsafe"/>.</exception>
    internal static void RefuseManager(NodeReport report, NodeListResponse entry, ManagerTally tally)
    {
        if (entry.ManagerStatus is not null)
            DemotionPlan.RefuseUnsafe([new SetMember(report, entry)], tally);
    }

    /// <summary>What would be lost with the old host.</summary>
    private async Task RefuseAsync(SwarmSession session, NodeReport report, NodeListResponse entry)
    {
        var load = await NodeLoad.ReadAsync(session, entry, Name).ConfigureAwait(false);
        var folders = KeptData.SharedFolders(load.Services.Select(view => view.Service));
        var reasons = load
            .Here.Where(view => !IsCopiedElsewhere(view.Service))
            .Select(view => (view.Service.Name, Data: KeptData.Of(view.Service, folders)))
            .Where(found => found.Data is not null)
            .Select(found => $"'{found.Name}' keeps data in {found.Data} there, which ends with the instance")
            .Concat(
                await new GaleraRule(context, session, request.Provision.ThrottleLimit, Activity).ObstaclesAsync(Name).ConfigureAwait(false)
            )
            .Concat(
                await new FolderRule(session, request.Provision.ThrottleLimit)
                    .ObstaclesAsync(Name, answers: report.Observation is not null)
                    .ConfigureAwait(false)
            )
            .ToList();
        if (reasons.Count == 0)
            return;
        if (!request.IsForced)
            throw ReplaceErrors.ReplaceWouldBeNoticed(report.Node, reasons);
        foreach (var reason in reasons)
            context.WriteWarning($"'{Name}' is replaced although {reason}, because -Force was specified.");
    }

    /// <summary>Whether the data of a service are on other nodes too, and come from there: databases, shared folders, and what name servers know.</summary>
    private static bool IsCopiedElsewhere(Services.Running.ServiceState service) =>
        service.Labels.ContainsKey(Galera.GaleraNames.ClusterLabel)
        || service.Labels.ContainsKey(Folders.FolderNames.FolderLabel)
        || service.Labels.ContainsKey(GeoDns.Definition.GeoDnsNames.ZoneLabel);

    private async Task<bool> AgreesAsync(SwarmNode old, NodeReport report, NodeListResponse entry, Instance? going, string? type)
    {
        var isManager = entry.Spec?.Role == "manager" || MovedMark.WasManager(entry);
        var steps = new List<string>();
        if (going is not null)
        {
            var isAlive = report.Observation is not null;
            steps.Add(
                isAlive
                    ? $"drain it{(isManager ? ", demote it" : "")}, let it leave the swarm"
                    : "remove it from the swarm, since it does not answer"
            );
            steps.Add($"terminate {going.InstanceId} with its disk");
        }

        steps.Add(
            $"create a {type ?? request.Provision.InstanceType} with the same name{(request.Provision.ElasticIp ? " and Elastic IP address" : "")}"
        );
        steps.Add($"join it{(isManager ? ", promote it" : "")}, with the labels of the old one");
        if (!await context.ShouldProcessAsync(old.ToString(), "Replace: " + string.Join(", ", steps)).ConfigureAwait(false))
            return false;
        if (going is null || request.IsForced)
            return true;
        try
        {
            return await context
                .ShouldContinueAsync(
                    $"The instance {going.InstanceId} of '{Name}' is terminated, and what is on its disk is lost. Continue?",
                    "Replace the instance of a node"
                )
                .ConfigureAwait(false);
        }
        catch (InvalidOperationException cause)
        {
            throw ReplaceErrors.ReplaceNotConfirmed(old, cause);
        }
    }

    /// <summary>Takes the old node out of the swarm; its entry stays, for the new one. Where its host is dead, the others do without it.</summary>
    private async Task LeaveAsync(SwarmSession session, NodeReport report, NodeListResponse entry)
    {
        var others = session.Without(new HashSet<string> { entry.ID }) ?? throw ManagerErrors.NoOtherManager([report.Node]);
        var own = report.Observation is { } seen && seen.NodeId == entry.ID ? seen : null;
        if (own is not null)
        {
            Say($"Draining '{Name}'");
            await others
                .UpdateMemberAsync(entry.ID, spec => SuspendMark.SetAvailability(spec, SwarmNodeAvailability.Drain), timeout)
                .ConfigureAwait(false);
            var tasks = new NodeTasks(context, others, new MaintenanceTarget(report, entry), Activity);
            if (await tasks.UntilNoneAsync(timeout).ConfigureAwait(false) is { Count: > 0 } left)
                context.WriteWarning(
                    $"{left.Count} tasks on '{Name}' did not stop within {timeout.TotalSeconds:0} s; they end with the instance."
                );
        }

        if (entry.ManagerStatus is not null || entry.Spec?.Role == "manager")
            await succession.DemoteAsync(others, report.Node, entry.ID).ConfigureAwait(false);
        if (own is null)
            return;
        try
        {
            await NodeLeave.LeaveAsync(context, own, force: true, timeout).ConfigureAwait(false);
        }
        catch (SwarmOpsException error)
        {
            // The host goes anyway.
            context.WriteVerbose($"'{Name}' did not leave the swarm: {error.Message}");
        }
    }

    private async Task TerminateAsync(string instanceId)
    {
        Say($"Terminating {instanceId}");
        var teardown = new RegionTeardown(clients.In(region), timeout, context.CancellationToken);
        await teardown.TerminateAsync([instanceId], request.IsForced).ConfigureAwait(false);
        await teardown.WaitUntilTerminatedAsync([instanceId]).ConfigureAwait(false);
    }

    /// <summary>Creates the new instance, or completes one that an earlier run began.</summary>
    private async Task<SwarmNode> MakeAsync(string? type)
    {
        Say($"Creating the new instance of '{Name}'");
        var relayed = new RelayedContext(context, answer: true);
        await new ProvisionOperation(
            relayed,
            clients,
            request.Provision with
            {
                Regions = [region],
                OnlyNode = Name,
                InstanceType = type ?? request.Provision.InstanceType,
            }
        )
            .RunAsync()
            .ConfigureAwait(false);
        foreach (var warning in relayed.Warnings)
            context.WriteWarning(warning);
        if (relayed.Errors.Count > 0)
            throw relayed.Errors[0];
        return relayed.Nodes.Single();
    }

    private async Task<SwarmNode> EnterAsync(IReadOnlyList<SwarmNode> others, SwarmNode node)
    {
        var (session, report) = await LookAsync(others, node).ConfigureAwait(false);
        if (!session.View.Has(report.Observation!))
        {
            await succession.JoinAsync(session, report).ConfigureAwait(false);
            (session, report) = await LookAsync(others, node).ConfigureAwait(false);
        }

        await RepairNatAsync(session).ConfigureAwait(false);
        var former = MovedMark.Former(session.View, MovedMark.NodeLabel, Name, report.Observation!.NodeId);
        return await succession.TakePlaceAsync(session, report, former).ConfigureAwait(false);
    }

    private async Task<(SwarmSession Session, NodeReport Report)> LookAsync(IReadOnlyList<SwarmNode> others, SwarmNode node)
    {
        var session = await FindAsync([.. others, node]).ConfigureAwait(false);
        var report = session.Reports.Single(report => report.Node.Name == Name);
        return report.Failure is { } failure ? throw failure : (session, report);
    }

    /// <summary>A new host behind NAT loses every encrypted packet until it has the NAT rule.</summary>
    private async Task RepairNatAsync(SwarmSession session)
    {
        var networks = await session.ReadNetworksAsync().ConfigureAwait(false);
        if (!networks.Any(network => OverlayNetwork.IsOverlay(network) && new OverlayNetwork(network).Encrypted))
            return;
        Say("Installing the NAT rule");
        var relayed = new RelayedContext(context, answer: true);
        var repair = new NatRepair(relayed, request.Provision.ThrottleLimit, timeout, NatRepair.DataPathPort(session));
        await repair.ApplyAsync(await repair.ObserveAsync(session.Observations).ConfigureAwait(false)).ConfigureAwait(false);
        foreach (var error in relayed.Errors)
            context.WriteError(error);
    }

    private void Say(string status) => context.WriteProgress(new OperationProgress(0, Activity, status));
}
