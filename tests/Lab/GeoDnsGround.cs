using System.Net;
using SwarmOps.GeoDns.Wire;

namespace SwarmOps.Tests.Lab;

/// <summary>What every test of GeoDNS stands on: a swarm with the edge service <c>web</c>, and name servers for the zone edge.example.org that check it.</summary>
internal sealed class GeoDnsGround(LabFixture lab, Session session, IReadOnlyList<SwarmNode> nodes)
{
    public const string Zone = "edge.example.org";

    /// <summary>The lab's image, which no registry knows.</summary>
    public const string Image = "lab/gdnsd:3.8";

    /// <summary>A check every 2 s, unhealthy after 2 of them: noticed within 5 s.</summary>
    public const string Check = "-HealthPath / -HealthIntervalSeconds 2 -HealthTimeoutSeconds 1 -HealthRetries 2 -TtlSeconds 5";

    /// <summary>Clients on three continents, as resolvers send them.</summary>
    public static readonly IReadOnlyDictionary<string, string> Continents = new Dictionary<string, string>
    {
        ["eu-central-1"] = "193.0.6.0/24",
        ["us-east-1"] = "18.7.22.0/24",
        ["us-west-1"] = "133.11.0.0/24",
    };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    public IReadOnlyList<SwarmNode> Nodes => nodes;

    /// <summary>Forms the swarm and its edge service.</summary>
    public static async Task<GeoDnsGround> FormAsync(LabFixture lab, Session session)
    {
        await lab.OnLabAsync("fault", "heal");
        await ServiceSwarm.LoadAsync(lab, Image, "gdnsd");
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await ServiceSwarm.WhenIdleAsync(lab, "docker rm -f client >/dev/null 2>&1; rm -rf /srv/geodns");
        var ground = new GeoDnsGround(lab, session, nodes);
        ground.Run(Edge());
        return ground;
    }

    /// <summary>The command that makes the edge service; each node's page is its name.</summary>
    public static string Edge(string more = "") =>
        "$n | New-SwarmEdgeService -Name web -Image lab/busybox:latest -NoResolveImage -PublishHost 8085:80 -Hostname '{{.Node.Hostname}}' -ArgumentList sh, '-c', 'mkdir /tmp/w; hostname >/tmp/w/index.html; exec httpd -f -p 80 -h /tmp/w' -HealthCommand 'wget -q -O /dev/null http://127.0.0.1/' -HealthIntervalSeconds 1 -UpdateMonitorSeconds 1 -RestartDelaySeconds 0 -StopGraceSeconds 1 -StableSeconds 0 "
        + more;

    /// <summary>The command that makes the zone: clients are located by their continents, and the hosts themselves by their public addresses.</summary>
    public string Create(string more = "") =>
        $"$n | New-SwarmGeoDns -Zone {Zone} -Service web -Image {Image} -NoResolveImage {Check} -RecordName '@', www -NetworkMap @{{ {string.Join("; ", lab.Hosts.GroupBy(host => host.Region).Select(region => $"'{region.Key}' = '{Continents[region.Key]}', {string.Join(", ", region.Select(host => $"'{host.PublicAddress}/32'"))}"))} }} {more}";

    /// <summary>Runs a command on the swarm's nodes.</summary>
    public Outcome Run(string script) => session.Run(script, ("n", nodes)).ThrowOnError();

    /// <summary>Runs a command whose errors are looked at.</summary>
    public Outcome Try(string script) => session.Run(script, ("n", nodes));

    /// <summary>What the zone is.</summary>
    public SwarmGeoDns Get() => Run($"$n | Get-SwarmGeoDns -Zone {Zone} -SkipDelegation").Objects.Cast<SwarmGeoDns>().Single();

    /// <summary>The host of a region.</summary>
    public LabHost Host(string region) => lab.Hosts.First(host => host.Region == region);

    /// <summary>The regions that a name server answers a client with; null without an answer.</summary>
    public async Task<string?> AskAsync(string serverRegion, string client, string name = Zone)
    {
        try
        {
            var reply = await DnsClient.AskAsync(
                new IPEndPoint(IPAddress.Parse(Host(serverRegion).PublicAddress), DnsClient.Port),
                new DnsQuery(name, DnsType.A) { Client = DnsNetwork.TryParse(client) },
                isTcp: false,
                Patience,
                CancellationToken.None
            );
            return string.Join(
                '+',
                reply
                    .Addresses.Select(address => lab.Hosts.First(host => host.PublicAddress == address).Region)
                    .Order(StringComparer.Ordinal)
            );
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>What a program on a host in a region is answered by a name server, without naming a client.</summary>
    public Task<string> LookUpAsync(LabHost from, LabHost server) =>
        lab.ExecAsync(
            from,
            $"docker run --rm --network host lab/busybox nslookup {Zone} {server.PublicAddress} 2>/dev/null | sed -n '/^Name/,$s/^Address[^:]*: *//p' | head -n 1"
        );

    /// <summary>Waits until a name server answers a client as wanted.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> WaitAsync(string serverRegion, string client, string wanted, TimeSpan limit)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        string? last = null;
        while (System.Diagnostics.Stopwatch.GetElapsedTime(started) < limit)
        {
            last = await AskAsync(serverRegion, client);
            if (last == wanted)
                return System.Diagnostics.Stopwatch.GetElapsedTime(started);
            await Task.Delay(100);
        }

        throw new TimeoutException($"{serverRegion} answers {client} with '{last}', not '{wanted}', after {limit.TotalSeconds:0} s.");
    }
}
