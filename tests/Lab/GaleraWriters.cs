using System.Globalization;

namespace SwarmOps.Tests.Lab;

/// <summary>A client in each region that writes rows to its own region's node, one after the other, and notes each that was acknowledged on its host's disk.</summary>
internal sealed class GaleraWriters(LabFixture lab, Session session, GaleraSwarm cluster)
{
    private const string Notes = "/srv/writes";

    // A client that lost its node must not wait for ever; a statement that is merely slow is a stall, and is measured.
    private const string Script = """
        export MYSQL_PWD=$(cat /run/secrets/GALERA_ROOT_PASSWORD)
        run=$REGION-$(date +%s%N)
        number=0
        while :; do
            number=$((number + 1))
            if timeout 30 mariadb -h "$NODE" -uroot --connect-timeout=2 -e "INSERT INTO proof.writes VALUES ('$run-$number')" 2>>/writes/errors; then
                echo "$run-$number $(date +%s%3N)" >>/writes/acknowledged
            fi
            sleep 0.1
        done
        """;

    /// <summary>Starts the clients and waits until each has written.</summary>
    public async Task StartAsync()
    {
        await cluster.OnAllAsync($"mkdir -p {Notes}; rm -f {Notes}/*");
        await cluster.SqlAsync(
            lab.Hosts[0],
            "CREATE DATABASE IF NOT EXISTS proof; CREATE TABLE IF NOT EXISTS proof.writes (id VARCHAR(80) PRIMARY KEY)"
        );
        foreach (var host in lab.Hosts)
        {
            session
                .Run(
                    "$n | New-SwarmService -Name $name -Image lab/mariadb:10.11 -NoResolveImage -Command bash -ArgumentList '-c', $script -Environment @{ NODE = $node; REGION = $region } -Network internal -EndpointMode Dnsrr -Secret GALERA_ROOT_PASSWORD -Mount '/srv/writes:/writes' -Constraint \"node.labels.region==$region\" -StopGraceSeconds 1 -NoWait",
                    ("n", cluster.Nodes),
                    ("name", $"writer-{host.Region}"),
                    ("script", Script),
                    ("node", $"galera-{host.Region}"),
                    ("region", host.Region)
                )
                .ThrowOnError();
        }

        await cluster.OnAllAsync(
            $"for try in $(seq 60); do [ -s {Notes}/acknowledged ] && exit 0; sleep 0.5; done; cat {Notes}/errors | tail -n 3 >&2; exit 1"
        );
    }

    /// <summary>Stops the clients and counts: what was acknowledged must be on every node.</summary>
    public async Task<WriteTally> StopAsync()
    {
        await ServiceSwarm.ManagerAsync(
            lab,
            "for service in $(docker service ls -qf name=writer-); do docker service rm $service >/dev/null; done"
        );
        await cluster.OnAllAsync("for try in $(seq 60); do [ -z \"$(docker ps -qf name=writer-)\" ] && exit 0; sleep 0.5; done; exit 1");
        var acknowledged = new HashSet<string>(StringComparer.Ordinal);
        var stalls = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var (host, text) in lab.Hosts.Zip(await cluster.OnAllAsync($"cat {Notes}/acknowledged")))
        {
            var entries = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' '))
                .Where(parts => parts.Length == 2)
                .ToList();
            acknowledged.UnionWith(entries.Select(parts => parts[0]));
            var times = entries.Select(parts => long.Parse(parts[1], CultureInfo.InvariantCulture)).ToList();
            stalls[host.Region] = TimeSpan.FromMilliseconds(times.Zip(times.Skip(1), (one, next) => next - one).DefaultIfEmpty().Max());
        }

        var missing = 0;
        var present = int.MaxValue;
        foreach (var host in lab.Hosts)
        {
            var rows = (await cluster.SqlAsync(host, "SET SESSION wsrep_sync_wait = 1; SELECT id FROM proof.writes"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .ToHashSet(StringComparer.Ordinal);
            present = Math.Min(present, acknowledged.Count(rows.Contains));
            missing += acknowledged.Count(id => !rows.Contains(id));
        }

        return new WriteTally(acknowledged.Count, present, missing, stalls);
    }
}

/// <summary>What became of the writes that a database acknowledged.</summary>
/// <param name="Acknowledged">How many there were, over all regions.</param>
/// <param name="Present">How many of them are on the node that has the fewest.</param>
/// <param name="Missing">How many are missing, summed over the nodes.</param>
/// <param name="LongestStall">By region, the longest time between two acknowledged writes.</param>
internal sealed record WriteTally(int Acknowledged, int Present, int Missing, IReadOnlyDictionary<string, TimeSpan> LongestStall)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"acknowledged {Acknowledged}, present {Present}, missing {Missing}; longest stall {string.Join(", ", LongestStall.Select(stall => $"{stall.Key} {stall.Value.TotalSeconds:0.0} s"))}"
        );
}
