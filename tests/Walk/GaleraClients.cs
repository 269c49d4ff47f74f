namespace SwarmOps.Tests.Walk;

/// <summary>A database over three regions, with a client in each that writes to its region's node and notes on its host's disk what was acknowledged.</summary>
internal sealed class GaleraClients(WalkLab lab)
{
    // A client that lost its node must not wait for ever.
    private const string Writer = """
        export MYSQL_PWD=$(cat /run/secrets/GALERA_ROOT_PASSWORD)
        run=$REGION-$(date +%s%N)
        number=0
        while :; do
            number=$((number + 1))
            if timeout 30 mariadb -h "$NODE" -uroot --connect-timeout=2 -e "INSERT INTO walk.writes VALUES ('$run-$number')" 2>/dev/null; then
                echo "$run-$number" >>/writes/acknowledged
            fi
            sleep 0.5
        done
        """;

    private const string Sql = """
        sql() { docker exec "$(docker ps -qf name=galera- | head -n 1)" bash -c 'MYSQL_PWD=$(cat /run/secrets/GALERA_ROOT_PASSWORD) timeout 20 mariadb -uroot -NB -e "$1"' - "$1"; }

        """;

    // The order of SHOW STATUS is not that of the names.
    private const string Status = """
        SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME IN ('WSREP_CLUSTER_SIZE', 'WSREP_CLUSTER_STATE_UUID', 'WSREP_CLUSTER_STATUS', 'WSREP_LOCAL_STATE_COMMENT') ORDER BY VARIABLE_NAME
        """;

    /// <summary>Makes the table, and starts the clients.</summary>
    public async Task StartAsync(Administrator administrator)
    {
        foreach (var host in lab.Hosts)
            await lab.ExecAsync(host, "mkdir -p /srv/writes");
        var made = await lab.ExecAsync(
            lab.Hosts[0],
            Sql + "sql 'CREATE DATABASE IF NOT EXISTS walk; CREATE TABLE IF NOT EXISTS walk.writes (id VARCHAR(80) PRIMARY KEY)'"
        );
        if (!made.Succeeded)
            throw new InvalidOperationException($"The table of writes cannot be made: {made.Error}");
        foreach (var region in lab.Regions)
        {
            var line = $$"""
                $script = @'
                {{Writer}}
                '@
                $null = $all | New-SwarmService -Name writer-{{region}} -Image lab/mariadb:10.11 -NoResolveImage -Command bash -ArgumentList '-c', $script -Environment @{ NODE = 'galera-{{region}}'; REGION = '{{region}}' } -Network db -EndpointMode Dnsrr -Secret GALERA_ROOT_PASSWORD -Mount '/srv/writes:/writes' -Constraint 'node.labels.region=={{region}}' -StopGraceSeconds 1 -NoWait
                """;
            var outcome = await administrator.RunAsync(line);
            if (!outcome.Succeeded)
                throw new InvalidOperationException(
                    $"The writer of {region} cannot be made: {string.Join("; ", outcome.Errors)} {outcome.Crash}"
                );
        }
    }

    /// <summary>Whether all nodes are Synced in one Primary component with one history; else what was seen.</summary>
    public async Task<string?> TroubleAsync()
    {
        var seen = new List<string>();
        foreach (var region in lab.Regions)
        {
            var states = await Task.WhenAll(
                lab.Hosts.Where(host => host.Region == region)
                    .Select(host => lab.ExecAsync(host, Sql + $"sql \"{Status}\" 2>&1 | tr '\\n' ' '"))
            );
            seen.Add(
                states.Select(state => state.Output.Trim()).FirstOrDefault(text => text.Contains("rimary", StringComparison.Ordinal))
                    ?? states[0].Output.Trim()
            );
        }

        return
            seen.Distinct().Count() == 1
            && seen[0].Contains("Synced", StringComparison.Ordinal)
            && seen[0].Contains(" Primary ", StringComparison.Ordinal)
            && seen[0].StartsWith($"{lab.Regions.Count} ", StringComparison.Ordinal)
            ? null
            : string.Join("; ", lab.Regions.Zip(seen, (region, state) => $"{region}: {state}"));
    }

    /// <summary>Every acknowledged write is on every node: what is missing, and how many there are.</summary>
    public async Task<(int Acknowledged, IReadOnlyList<string> Broken)> CountAsync()
    {
        // First what was acknowledged, then the rows: a write in between is in the second only.
        var acknowledged = new HashSet<string>(StringComparer.Ordinal);
        foreach (var host in lab.Hosts)
            acknowledged.UnionWith(
                (await lab.ExecAsync(host, "cat /srv/writes/acknowledged 2>/dev/null")).Output.Split(
                    '\n',
                    StringSplitOptions.RemoveEmptyEntries
                )
            );
        var broken = new List<string>();
        foreach (var host in lab.Hosts)
        {
            var rows = await lab.ExecAsync(
                host,
                Sql
                    + "[ -z \"$(docker ps -qf name=galera- | head -n 1)\" ] && exit 3; sql 'SET SESSION wsrep_sync_wait = 1; SELECT id FROM walk.writes'",
                120
            );
            if (rows.ExitCode == 3)
                continue;
            var present = rows.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
            var missing = acknowledged.Where(id => !present.Contains(id)).Order(StringComparer.Ordinal).ToList();
            if (!rows.Succeeded)
                broken.Add($"expected the rows of {host.Name}; seen: {rows.Error.Trim()}");
            else if (missing.Count > 0)
                broken.Add(
                    $"expected all {acknowledged.Count} acknowledged writes on {host.Name}; {missing.Count} are missing, such as {string.Join(", ", missing.Take(3))}"
                );
        }

        return (acknowledged.Count, broken);
    }
}
