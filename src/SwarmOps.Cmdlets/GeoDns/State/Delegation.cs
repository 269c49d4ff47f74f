using System.Net;
using System.Net.NetworkInformation;
using SwarmOps.GeoDns.Definition;
using SwarmOps.GeoDns.Wire;

namespace SwarmOps.GeoDns.State;

/// <summary>What the parent zone says of a zone's name servers.</summary>
/// <param name="Parent">The parent zone; empty when it was not found.</param>
/// <param name="NameServers">The name servers that the parent lists; null when it could not be asked.</param>
/// <param name="Glue">The addresses that it lists for them.</param>
/// <param name="Error">Why it could not be asked; null when it was.</param>
internal sealed record Delegation(
    string Parent,
    IReadOnlyList<string>? NameServers,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Glue,
    string? Error
)
{
    private const int MostServers = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Asks the name servers of the parent zone, which a resolver finds.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="resolver">The resolver; null for those of this machine.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Delegation> ReadAsync(string zone, IPEndPoint? resolver, CancellationToken cancellationToken)
    {
        var resolvers = resolver is null ? OwnResolvers() : [resolver];
        if (resolvers.Count == 0)
            return Unknown("", "this machine has no resolver");
        try
        {
            for (var parent = Above(zone); parent.Length > 0; parent = Above(parent))
            {
                var servers = await ResolveAsync(resolvers, parent, DnsType.Ns, cancellationToken).ConfigureAwait(false);
                var names = servers
                    .Answers.Where(record => record.Type == DnsType.Ns && record.Name == parent)
                    .Select(record => record.Text);
                if (names.Distinct().Take(MostServers).ToList() is { Count: > 0 } found)
                    return await AskAsync(zone, parent, found, resolvers, cancellationToken).ConfigureAwait(false);
            }

            return Unknown("", "no zone above it was found");
        }
        catch (IOException error)
        {
            return Unknown("", error.Message);
        }
    }

    /// <summary>What differs from the zone, in words.</summary>
    public IEnumerable<string> Findings(GeoDnsDefinition definition)
    {
        if (NameServers is null)
            yield break;
        var wanted = definition.Servers.ToDictionary(definition.HostName, server => server.Address, StringComparer.Ordinal);
        if (NameServers.Count == 0)
        {
            yield return $"The parent zone '{Parent}' does not delegate '{definition.Zone}': nobody finds it. Add these records there: {Records(definition, wanted)}.";
            yield break;
        }

        foreach (var name in NameServers.Where(name => !wanted.ContainsKey(name)))
            yield return $"The parent zone '{Parent}' lists {name}, which is no name server of '{definition.Zone}'. Remove that NS record there.";
        foreach (var (name, address) in wanted.Where(server => !NameServers.Contains(server.Key)))
            yield return $"The parent zone '{Parent}' does not list {name}. Add the records {definition.Zone}. NS {name}. and {name}. A {address} there.";
        foreach (var (name, address) in wanted.Where(server => NameServers.Contains(server.Key)))
        {
            var glue = Glue.GetValueOrDefault(name, []);
            if (glue.Count == 0)
                yield return $"The parent zone '{Parent}' lists {name} without its address (glue). Add the record {name}. A {address} there.";
            else if (glue is not [var only] || only != address)
                yield return $"The parent zone '{Parent}' lists {name} with the address {string.Join(", ", glue)}, not {address}. Correct it there.";
        }
    }

    private static string Records(GeoDnsDefinition definition, Dictionary<string, string> wanted) =>
        string.Join("; ", wanted.Select(server => $"{definition.Zone}. NS {server.Key}."))
        + "; "
        + string.Join("; ", wanted.Select(server => $"{server.Key}. A {server.Value}"));

    /// <summary>A referral has the delegation in the authority section; a server that is responsible for both zones answers.</summary>
    private static async Task<Delegation> AskAsync(
        string zone,
        string parent,
        IReadOnlyList<string> servers,
        IReadOnlyList<IPEndPoint> resolvers,
        CancellationToken cancellationToken
    )
    {
        var why = "";
        foreach (var server in servers)
        {
            try
            {
                var addresses = await ResolveAsync(resolvers, server, DnsType.A, cancellationToken).ConfigureAwait(false);
                if (addresses.Addresses is not [var address, ..])
                {
                    why = $"its name server {server} has no address";
                    continue;
                }

                var reply = await DnsClient
                    .AskAsync(
                        new IPEndPoint(IPAddress.Parse(address), DnsClient.Port),
                        new DnsQuery(zone, DnsType.Ns),
                        Patience,
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                // 3: the name does not exist there, so it is not delegated.
                if (reply.Code is not (0 or 3))
                {
                    why = $"its name server {server} answered: {reply.Words}";
                    continue;
                }

                var listed = reply.Answers.Concat(reply.Authorities).Where(record => record.Type == DnsType.Ns && record.Name == zone);
                return new Delegation(
                    parent,
                    [.. listed.Select(record => record.Text).Distinct().Order(StringComparer.Ordinal)],
                    reply
                        .Additional.Where(record => record.Type is DnsType.A)
                        .GroupBy(record => record.Name, StringComparer.Ordinal)
                        .ToDictionary(
                            name => name.Key,
                            name => (IReadOnlyList<string>)[.. name.Select(record => record.Text).Distinct().Order(StringComparer.Ordinal)],
                            StringComparer.Ordinal
                        ),
                    null
                );
            }
            catch (IOException error)
            {
                why = $"its name server {server}: {error.Message}";
            }
        }

        return Unknown(parent, $"the zone '{parent}' could not be asked: {why}");
    }

    private static async Task<DnsReply> ResolveAsync(
        IReadOnlyList<IPEndPoint> resolvers,
        string name,
        DnsType type,
        CancellationToken cancellationToken
    )
    {
        IOException? last = null;
        foreach (var resolver in resolvers.Take(2))
        {
            try
            {
                var reply = await DnsClient
                    .AskAsync(resolver, new DnsQuery(name, type) { IsRecursive = true }, Patience, cancellationToken)
                    .ConfigureAwait(false);
                if (reply.Code is 0 or 3)
                    return reply;
                last = new IOException($"the resolver {resolver.Address} answered: {reply.Words}");
            }
            catch (IOException error)
            {
                last = new IOException($"the resolver {resolver.Address}: {error.Message}", error);
            }
        }

        throw last!;
    }

    private static List<IPEndPoint> OwnResolvers() =>
        [
            .. NetworkInterface
                .GetAllNetworkInterfaces()
                .Where(link => link.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
                .SelectMany(link => link.GetIPProperties().DnsAddresses)
                .Distinct()
                .Select(address => new IPEndPoint(address, DnsClient.Port)),
        ];

    private static string Above(string zone) => zone.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? zone[(dot + 1)..] : "";

    private static Delegation Unknown(string parent, string why) => new(parent, null, new Dictionary<string, IReadOnlyList<string>>(), why);
}
