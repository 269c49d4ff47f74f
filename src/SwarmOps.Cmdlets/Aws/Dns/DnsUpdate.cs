using SwarmOps.Aws.Dns.Api;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Aws.Dns;

/// <summary>
/// Makes changes in an order in which every moment has right answers: health checks, then all records at once, then the health checks that nothing uses any more.
/// </summary>
/// <param name="context">The calling cmdlet's context.</param>
/// <param name="route53">The account.</param>
/// <param name="timeout">How long Route 53's name servers may take to have the change.</param>
internal sealed class DnsUpdate(IOperationContext context, Route53 route53, TimeSpan timeout)
{
    /// <summary>Makes the changes of regions.</summary>
    /// <param name="wish">What the name is to answer.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="changes">The confirmed changes.</param>
    /// <exception cref="SwarmOpsException">Those of <see cref="Route53Errors"/>; <c>DnsChangeNotSeen</c>.</exception>
    public async Task ApplyAsync(DnsWish wish, DnsPlan plan, IReadOnlyList<DnsRegionChange> changes)
    {
        var upserts = new List<DnsRecordSet>();
        foreach (var change in changes)
        {
            var ids = change.Checks.ToDictionary(check => check.Key, check => check.Value.Id, StringComparer.Ordinal);
            foreach (var node in change.NewChecks)
                ids[node.Name] = await CreateAsync(wish, node).ConfigureAwait(false);
            foreach (var node in change.NewChecks.Concat(change.Untagged))
            {
                await PassAsync().ConfigureAwait(false);
                await route53.TagAsync(ids[node.Name], wish.TagsOf(node)).ConfigureAwait(false);
            }

            upserts.AddRange(change.NewRecords.Select(node => plan.NodeRecord(change.Region, node, ids[node.Name])));
        }

        // Latency records after the names that they point to, which must exist.
        upserts.AddRange(changes.Select(change => change.Latency).OfType<DnsRecordSet>());
        await RecordsAsync(wish.Zone, wish.Name, upserts, [.. changes.SelectMany(change => change.Deleted)]).ConfigureAwait(false);
        await DeleteChecksAsync(wish.Name, [.. changes.SelectMany(change => change.Freed)]).ConfigureAwait(false);
    }

    /// <summary>Changes records, all or none, and waits until all of Route 53's name servers have them.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Route53Errors"/>; <c>DnsChangeNotSeen</c>.</exception>
    public async Task RecordsAsync(HostedZone zone, string name, IReadOnlyList<DnsRecordSet> upserts, IReadOnlyList<DnsRecordSet> deletes)
    {
        if (upserts.Count + deletes.Count == 0)
            return;
        await PassAsync().ConfigureAwait(false);
        Show(name, $"Changing {upserts.Count + deletes.Count} records");
        var id = await route53.ChangeAsync(zone, upserts, deletes).ConfigureAwait(false);
        Show(name, "Waiting until all name servers of Route 53 have the change");
        var seen = await Polling
            .UntilAsync(
                async () => await route53.IsInSyncAsync(id).ConfigureAwait(false) ? id : null,
                timeout,
                context.CancellationToken,
                TimeSpan.FromSeconds(1)
            )
            .ConfigureAwait(false);
        context.WriteProgress(new OperationProgress(0, name, "Done", Completed: true));
        if (seen is null)
            throw DnsRecordErrors.DnsChangeNotSeen(name, timeout);
    }

    /// <summary>Deletes health checks.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="Route53Errors"/>.</exception>
    public async Task DeleteChecksAsync(string name, IReadOnlyList<HealthCheck> checks)
    {
        foreach (var check in checks)
        {
            await PassAsync().ConfigureAwait(false);
            Show(name, $"Deleting the health check of {check.Address}");
            await route53.DeleteHealthCheckAsync(check.Id).ConfigureAwait(false);
        }

        if (checks.Count > 0)
            context.WriteProgress(new OperationProgress(0, name, "Done", Completed: true));
    }

    private async Task<string> CreateAsync(DnsWish wish, DnsNode node)
    {
        await PassAsync().ConfigureAwait(false);
        Show(wish.Name, $"Creating the health check of {node}");
        var reference = DnsNames.Reference(wish.Zone, wish.Name, node.Address, wish.Health);
        try
        {
            return await route53.CreateHealthCheckAsync(reference, node.Address, wish.Health).ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (Route53Errors.CodeOf(error) == Route53Errors.ReferenceUsed)
        {
            // Of a check that was deleted since, or edited: it was not among those that were read, or was not right.
            var again = DnsNames.ReferenceAgain(reference, DateTime.UtcNow);
            return await route53.CreateHealthCheckAsync(again, node.Address, wish.Health).ConfigureAwait(false);
        }
    }

    /// <summary>A run that has lost the swarm's lock changes nothing more.</summary>
    private async Task PassAsync()
    {
        if (ChangeGuard.Current is { } guard)
            await guard.PassAsync(context.CancellationToken).ConfigureAwait(false);
    }

    private void Show(string name, string status) => context.WriteProgress(new OperationProgress(0, name, status));
}
