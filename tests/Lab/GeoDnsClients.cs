using System.Globalization;

namespace SwarmOps.Tests.Lab;

/// <summary>A reader in each region: resolves the zone as a resolver does, keeps the answer for its time to live, and loads pages from it. Counts what failed.</summary>
internal sealed class GeoDnsClients(LabFixture lab)
{
    private const int TtlSeconds = 5;

    // The static busybox of Debian 12 crashes at wget -T.
    // A page that cannot be loaded from the address that DNS gave is a failure, and so is a moment in which no name server answers.
    private const string Script = """
        good=0
        while :; do
            address=
            for server in $SERVERS; do
                address=$(nslookup edge.example.org $server 2>/dev/null | sed -n '/^Name/,$s/^Address[^:]*: *//p' | head -n 1)
                [ -z "$address" ] || break
            done
            [ -n "$address" ] || echo "FAIL $(date +%s) no answer"
            end=$(($(date +%s) + TTL))
            while [ -n "$address" ] && [ $(date +%s) -lt $end ]; do
                if page=$(timeout 2 wget -q -O - http://$address:8085/); then good=$((good + 1)); else echo "FAIL $(date +%s) $address"; fi
                echo "$good $page" >/tmp/good
                sleep 0.1
            done
        done
        """;

    /// <summary>Starts the readers and waits until each has read a page.</summary>
    public async Task StartAsync()
    {
        await Task.WhenAll(
            lab.Hosts.Select(host =>
            {
                // Its own region's name server first, as resolvers prefer the fastest one.
                var servers = string.Join(' ', lab.Hosts.OrderBy(other => other != host).Select(other => other.PublicAddress));
                return lab.ExecAsync(
                    host,
                    $"""
                    docker rm -f client >/dev/null 2>&1
                    cat >/srv/client.sh <<'END'
                    {Script}
                    END
                    docker run -d --name client --network host -e TTL={TtlSeconds} -e SERVERS='{servers}' -v /srv/client.sh:/client.sh lab/busybox sh /client.sh >/dev/null
                    for try in $(seq 100); do docker exec client test -s /tmp/good && exit 0; sleep 0.2; done
                    docker logs client >&2
                    exit 1
                    """
                );
            })
        );
    }

    /// <summary>Stops the readers.</summary>
    /// <returns>How many pages each region's reader loaded, and each failure with its time.</returns>
    public async Task<IReadOnlyList<(string Region, int Pages, IReadOnlyList<string> Failures)>> StopAsync() =>
        await Task.WhenAll(
            lab.Hosts.Select(async host =>
            {
                var said = await lab.ExecAsync(
                    host,
                    "docker exec client cat /tmp/good; docker logs client 2>/dev/null; docker rm -f client >/dev/null"
                );
                var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                return (
                    host.Region,
                    int.Parse(lines[0].Split(' ')[0], CultureInfo.InvariantCulture),
                    (IReadOnlyList<string>)[.. lines.Skip(1).Where(line => line.StartsWith("FAIL", StringComparison.Ordinal))]
                );
            })
        );
}
