using SwarmOps.Aws.Dns.Api;
using SwarmOps.Pipeline;
using SwarmOps.Services.Edge;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Aws.Dns;

/// <summary>Makes the latency records of a name equal the nodes of an edge service, and reads them back.</summary>
internal sealed class SyncDnsRecordOperation(IOperationContext context, Route53 route53, SyncDnsRecordRequest request)
{
    /// <summary>How often the records are read again after someone else changed them, or an answer was lost.</summary>
    private const int Rounds = 4;

    private readonly DnsUpdate update = new(context, route53, request.Timeout);

    /// <summary>Runs the operation and writes each region to the pipeline.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="DnsRecordErrors"/>, <see cref="Route53Errors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var name = DnsNames.Record(request.Name, DnsNames.Zone(request.Zone));
        var swarm = await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit).ConfigureAwait(false);
        var services = await ServiceReader.ListAsync(swarm).ConfigureAwait(false);
        var edge =
            EdgeFacts.Find(request.Service, services)
            ?? throw DnsRecordErrors.DnsServiceNotFound(request.Service, EdgeFacts.Names(services));
        var zone = await ZoneFinder.FindAsync(route53, request.Zone, request.HostedZoneId).ConfigureAwait(false);
        var target = $"{name} in {zone}";
        for (var round = 1; ; round++)
        {
            var present = await DnsPresent.ReadAsync(route53, zone, name).ConfigureAwait(false);
            var members = EdgeMember.Of(swarm, (_, node) => present.AddressOf(node));
            var wish = new DnsWishBuilder(request, present).Make(zone, swarm.SwarmId, edge, members);
            var beside = DnsConflicts.Check(wish, present, request.IsForced);
            var plan = new DnsPlan(wish, present);
            if (round == 1)
                Warn(plan, beside);
            var changes = plan.Changes();
            var agreed = new List<DnsRegionChange>();
            foreach (var change in changes.Where(change => !change.IsNone))
                if (await context.ShouldProcessAsync(target, $"{change.Region}: {string.Join("; ", change.Words)}").ConfigureAwait(false))
                    agreed.Add(change);
            var orphans = await OrphansAsync(target, plan.Orphans()).ConfigureAwait(false);
            try
            {
                await update.ApplyAsync(wish, plan, agreed).ConfigureAwait(false);
                await update.DeleteChecksAsync(name, orphans).ConfigureAwait(false);
            }
            catch (SwarmOpsException error) when (MayBeRetried(error))
            {
                if (round == Rounds)
                    throw Route53Errors.IsInDoubt(error) ? error : DnsRecordErrors.DnsChangedMeanwhile(name, error);
                context.WriteVerbose($"{name}: {error.Message} Reading the records again.");
                continue;
            }

            await EmitAsync(wish, changes, agreed).ConfigureAwait(false);
            return;
        }
    }

    private static bool MayBeRetried(SwarmOpsException error) =>
        Route53Errors.CodeOf(error) == Route53Errors.InvalidChange || Route53Errors.IsInDoubt(error);

    private async Task<IReadOnlyList<HealthCheck>> OrphansAsync(string target, IReadOnlyList<HealthCheck> orphans) =>
        orphans.Count > 0
        && await context
            .ShouldProcessAsync(
                target,
                $"Delete health checks that an interrupted run left: {string.Join(", ", orphans.Select(check => $"{check.Id} of {check.Address}"))}"
            )
            .ConfigureAwait(false)
            ? orphans
            : [];

    private void Warn(DnsPlan plan, IReadOnlyList<DnsRecordSet> beside)
    {
        foreach (var words in plan.Overrides())
            context.WriteWarning(words);
        if (beside.Count > 0)
            context.WriteWarning(
                $"'{beside[0].Name}' also has latency records that SwarmOps did not create, for {string.Join(", ", beside.Select(record => record.Region))}. They were not changed: clients near these regions are sent elsewhere."
            );
    }

    /// <summary>Reads the records back, and writes what was found and whether it is right now.</summary>
    private async Task EmitAsync(DnsWish wish, IReadOnlyList<DnsRegionChange> found, List<DnsRegionChange> agreed)
    {
        var present = await DnsPresent.ReadAsync(route53, wish.Zone, wish.Name).ConfigureAwait(false);
        var left = new DnsPlan(wish, present).Changes();
        foreach (var change in found)
        {
            var words = left.FirstOrDefault(other => other.Region == change.Region)?.Words ?? [];
            if (words.Count > 0 && agreed.Contains(change))
                context.WriteError(DnsRecordErrors.DnsNotInSync(wish.Name, change.Region, words));
            else
                context.WriteObject(Describe(wish, present, change, words.Count == 0));
        }
    }

    private static SwarmDnsRecord Describe(DnsWish wish, DnsPresent present, DnsRegionChange change, bool isInSync)
    {
        var region = DnsNames.RegionName(wish.Name, change.Region);
        var records = present.OwnNodes.Where(record => record.Name == region).ToList();
        return new SwarmDnsRecord
        {
            Name = wish.Name,
            Zone = wish.Zone.Name,
            HostedZoneId = wish.Zone.Id,
            Service = wish.Service,
            Region = change.Region,
            Nodes = [.. change.Nodes.Select(node => node.Name)],
            Addresses = [.. records.SelectMany(record => record.Values).Order(StringComparer.Ordinal)],
            HealthCheckIds = [.. records.Select(record => record.HealthCheckId).OfType<string>().Order(StringComparer.Ordinal)],
            HealthCheck = wish.Health.ToString(),
            TtlSeconds = wish.TtlSeconds,
            Drift = change.Words,
            InSync = isInSync,
        };
    }
}
