using SwarmOps.Aws.Dns.Api;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Aws.Dns;

/// <summary>Removes the records and health checks that the module created for a name, and reads back that nothing of them is left.</summary>
internal sealed class RemoveDnsRecordOperation(IOperationContext context, Route53 route53, RemoveDnsRecordRequest request)
{
    private const int Rounds = 4;

    private readonly DnsUpdate update = new(context, route53, request.Timeout);

    /// <summary>Runs the operation.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="DnsRecordErrors"/>, <see cref="Route53Errors"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var name = DnsNames.Record(request.Name, DnsNames.Zone(request.Zone));
        // Names the swarm's lock, so that no other run creates the records again meanwhile.
        if (request.Nodes.Count > 0)
            await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit).ConfigureAwait(false);
        var zone = await ZoneFinder.FindAsync(route53, request.Zone, request.HostedZoneId).ConfigureAwait(false);
        for (var round = 1; ; round++)
        {
            var present = await DnsPresent.ReadAsync(route53, zone, name).ConfigureAwait(false);
            List<DnsRecordSet> records = [.. present.Own];
            if (records.Count == 0 && present.Checks.Count == 0)
            {
                if (round == 1)
                    throw DnsRecordErrors.DnsRecordNotFound(name, zone);
                return;
            }

            if (!await context.ShouldProcessAsync($"{name} in {zone}", Words(present, records)).ConfigureAwait(false))
                return;
            try
            {
                await update.RecordsAsync(zone, name, [], records).ConfigureAwait(false);
                await update.DeleteChecksAsync(name, present.Checks).ConfigureAwait(false);
            }
            catch (SwarmOpsException error)
                when (Route53Errors.CodeOf(error) == Route53Errors.InvalidChange || Route53Errors.IsInDoubt(error))
            {
                if (round == Rounds)
                    throw Route53Errors.IsInDoubt(error) ? error : DnsRecordErrors.DnsChangedMeanwhile(name, error);
                context.WriteVerbose($"{name}: {error.Message} Reading the records again.");
            }
        }
    }

    private static string Words(DnsPresent present, List<DnsRecordSet> records)
    {
        var isOther = present.Records.Any(record => record.Name == present.Name && DnsNames.Parse(record.SetIdentifier) is null);
        return $"Delete {records.Count} records and {present.Checks.Count} health checks"
            + (records.Any(record => record.Name == present.Name) && !isOther ? ": the name no longer resolves" : "");
    }
}
