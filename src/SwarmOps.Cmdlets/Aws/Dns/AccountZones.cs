using SwarmOps.Aws.Api;
using SwarmOps.Aws.Dns.Api;
using SwarmOps.Aws.Session;
using SwarmOps.Completion;

namespace SwarmOps.Aws.Dns;

/// <summary>What Tab finds in the account's Route 53.</summary>
internal static class AccountZones
{
    /// <summary>Zones come and go slowly.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    /// <summary>The public zones.</summary>
    public static IReadOnlyList<HostedZone> Read(CompletionRequest request) =>
        Ask<HostedZone>(
            request,
            "zones",
            async route53 => [.. (await route53.ZonesAsync(null).ConfigureAwait(false)).Where(zone => !zone.IsPrivate)]
        );

    /// <summary>The names that the module answers in the zone of the line.</summary>
    public static IReadOnlyList<string> Names(CompletionRequest request) =>
        request.Value<string>("Zone") is not { } zone
            ? []
            : Ask<string>(
                request,
                "names of " + zone,
                async route53 =>
                {
                    var found = await ZoneFinder.FindAsync(route53, zone, request.Value<string>("HostedZoneId")).ConfigureAwait(false);
                    var records = await route53.RecordsAsync(found, found.Name, withSubdomains: true).ConfigureAwait(false);
                    return
                    [
                        .. records
                            .Where(record => record.Region is not null && DnsNames.Parse(record.SetIdentifier) is not null)
                            .Select(record => record.Name == found.Name ? DnsNames.Apex : record.Name[..^(found.Name.Length + 1)])
                            .Distinct(StringComparer.Ordinal),
                    ];
                }
            );

    /// <summary>None when nobody answers in time, or when it is not known which account is meant.</summary>
    private static IReadOnlyList<T> Ask<T>(CompletionRequest request, string question, Func<Route53, Task<IReadOnlyList<T>>> ask)
    {
        if (CompletionSession.Current is not { } session || request.HasUnknownArgument || CompletionAccount.Of(request) is not { } settings)
            return [];
        return session.Answers.Recall(
                CompletionAccount.Key("route53", settings, question),
                async token =>
                {
                    var credentials = await CredentialResolver.ResolveAsync(settings, token).ConfigureAwait(false);
                    using var client = new Route53Client(credentials.Value, Route53Endpoint.Of(settings), new AwsCallLog());
                    return await ask(new Route53(client, token)).ConfigureAwait(false);
                },
                request.TimeLeft,
                Fresh
            ) ?? [];
    }
}
