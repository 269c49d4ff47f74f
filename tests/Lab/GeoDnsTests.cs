using System.Net;
using System.Net.Sockets;
using SwarmOps.GeoDns.Wire;
using static SwarmOps.Tests.Lab.GeoDnsGround;
using static SwarmOps.Tests.Lab.LabRegions;

namespace SwarmOps.Tests.Lab;

/// <summary>Name servers that answer each client with its nearest healthy region.</summary>
public sealed class GeoDnsTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Each_client_gets_the_region_that_is_nearest_to_it()
    {
        var ground = await FormAsync(lab, session);

        var plan = ground.Run(ground.Create("-WhatIf"));
        Assert.Empty(plan.Objects);
        Assert.Equal("", (await ServiceSwarm.ManagerAsync(lab, "docker config ls -q; docker service ls -qf name=geodns")).Trim());
        var made = Assert.IsType<SwarmGeoDns>(Assert.Single(ground.Run(ground.Create()).Objects));
        var tasks = await TasksAsync();
        var again = Assert.IsType<SwarmGeoDns>(Assert.Single(ground.Run(ground.Create()).Objects));

        Assert.True(made.Status == GeoDnsStatus.Healthy, string.Join('\n', made.Findings));
        Assert.Equal([Eu, East, West], made.Servers.Select(server => server.Region));
        Assert.All(
            made.Servers,
            server => Assert.Equal((made.Serial, true, true, null), (server.Serial, server.Udp, server.Tcp, server.Error))
        );
        Assert.All(made.Regions, region => Assert.Equal(3, Assert.Single(region.EdgeNodes).HealthyFrom.Count));
        Assert.Equal((made.Serial, tasks), (again.Serial, await TasksAsync()));
        // Clients of three continents, by what a resolver says of them: each server answers all of them alike, over both protocols.
        Assert.All(made.Answers, answer => Assert.Equal([answer.From], answer.Regions));
        Assert.Equal(9, made.Answers.Count);
        var probes = ground.Run($"$n | Test-SwarmGeoDns -Zone {Zone}").Objects.Cast<SwarmGeoDnsProbe>().ToList();
        Assert.Equal(18, probes.Count);
        Assert.All(probes, probe => Assert.True(probe.Result == FindingResult.Pass, probe.Detail));
        Assert.Equal([true], ground.Run("$n | Test-SwarmGeoDns -Quiet").Objects);
        // Programs in each region, by their own address.
        foreach (var host in lab.Hosts)
        foreach (var server in lab.Hosts)
            Assert.Equal(host.PublicAddress, (await ground.LookUpAsync(host, server)).Trim());
        Assert.Equal(East, await ground.AskAsync(Eu, Continents[East], "www." + Zone));

        // Another record, and a name server less: what was not specified stays.
        var changed = (SwarmGeoDns)
            ground
                .Run(
                    $"$n | New-SwarmGeoDns -Zone {Zone} -RecordName '@', shop -NameServer {ground.Host(Eu).Name}, {ground.Host(West).Name}"
                )
                .Objects.Single();
        Assert.Equal([Eu, West], changed.Servers.Select(server => server.Region));
        Assert.Equal((made.Serial + 1, 5), (changed.Serial, changed.TtlSeconds));
        Assert.Equal(East, await ground.AskAsync(West, Continents[East], "shop." + Zone));
        Assert.Equal("2", (await ServiceSwarm.ManagerAsync(lab, "docker service ls -qf name=geodns | wc -l")).Trim());

        ground.Run("$n | Get-SwarmGeoDns -SkipDelegation | Remove-SwarmGeoDns -Confirm:$false");
        Assert.Equal("", (await ServiceSwarm.ManagerAsync(lab, "docker config ls -q; docker service ls -qf name=geodns")).Trim());
        Assert.Equal(["GeoDnsNotFound"], ground.Try($"$n | Get-SwarmGeoDns -Zone {Zone}").ErrorIds);
    }

    [Fact]
    public async Task A_zone_change_loses_no_query()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        ground.Run(ground.Create());
        using var load = new QueryLoad([.. lab.Hosts.Select(host => IPAddress.Parse(host.PublicAddress))], ratePerSecond: 1000);

        load.Start();
        var first = (SwarmGeoDns)ground.Run($"$n | New-SwarmGeoDns -Zone {Zone} -RecordName '@', www, shop").Objects.Single();
        var second = (SwarmGeoDns)ground.Run($"$n | New-SwarmGeoDns -Zone {Zone} -RegionOrder {West}").Objects.Single();
        var (asked, lost, seconds) = await load.StopAsync();

        Assert.Equal(first.Serial + 1, second.Serial);
        TestContext.Current.TestOutputHelper?.WriteLine($"{asked} queries in {seconds:0.0} s, {lost} lost");
        Assert.True(asked / seconds > 900, $"Only {asked / seconds:0} queries a second were asked.");
        Assert.True(lost == 0, $"{lost} of {asked} queries were lost.");
    }

    [Fact]
    public async Task A_planned_drain_fails_no_page()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        ground.Run(ground.Create());
        var clients = new GeoDnsClients(lab);
        await clients.StartAsync();

        var plan = ground.Run($"$n | Set-SwarmEdge -Name web -Region {East} -Out -WhatIf");
        Assert.Empty(plan.Objects);
        var left = (SwarmGeoDns)ground.Run($"$n | Set-SwarmEdge -Name web -Region {East} -Out").Objects.Single();
        Assert.True(left.Regions.Single(region => region.Name == East).IsOut);
        Assert.All(left.Answers, answer => Assert.DoesNotContain(East, answer.Regions));
        Assert.Contains(left.Findings, finding => finding.Contains("is out of DNS", StringComparison.Ordinal));
        Assert.Equal(left.Serial, ((SwarmGeoDns)ground.Run($"$n | Set-SwarmEdge -Name web -Region {East} -Out").Objects.Single()).Serial);
        // With nobody sent there, the region can be changed, and its host restarted.
        ground.Run(Edge($"-Region {East} -Environment @{{ A = '1' }}"));
        // The reader on that host would see its own host go.
        await lab.ExecAsync(ground.Host(East), "docker stop -t 0 client >/dev/null");
        await lab.OnLabAsync("host", "reboot", ground.Host(East).Name, "--wait");
        var back = (SwarmGeoDns)ground.Run($"$n | Set-SwarmEdge -Name web -Region {East} -In").Objects.Single();
        Assert.False(back.Regions.Single(region => region.Name == East).IsOut);
        await ground.WaitAsync(Eu, Continents[East], East, TimeSpan.FromSeconds(20));
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);

        await lab.ExecAsync(
            ground.Host(East),
            "docker start client >/dev/null 2>&1; for try in $(seq 50); do docker exec client test -s /tmp/good && exit 0; sleep 0.2; done; exit 1"
        );
        var read = await clients.StopAsync();
        foreach (var (region, pages, failures) in read)
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{region}: {pages} pages, {failures.Count} failures {string.Join("; ", failures.Take(3))}"
            );
        Assert.All(read, reader => Assert.Empty(reader.Failures));
        Assert.All(read.Where(reader => reader.Region != East), reader => Assert.True(reader.Pages > 50));
    }

    [Fact]
    public async Task A_region_that_fails_leaves_DNS_and_comes_back()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        var made = (SwarmGeoDns)ground.Run(ground.Create()).Objects.Single();
        // What clients are promised: the checks, and the time that resolvers keep an answer.
        var detection = TimeSpan.FromSeconds(made.DetectionSeconds + made.TtlSeconds);

        // The edge hangs: its port is open, and it answers nothing.
        await lab.ExecAsync(ground.Host(East), "docker pause $(docker ps -qf name=web-) >/dev/null");
        var hung = await ground.WaitAsync(Eu, Continents[East], West, detection);
        await ground.WaitAsync(West, Continents[East], West, detection);
        var probe = ground.Run($"$n | Test-SwarmGeoDns -Zone {Zone} -Client {Continents[East]}").Objects.Cast<SwarmGeoDnsProbe>().First();
        Assert.Equal((FindingResult.Warning, $"Answered with {West}, because {East} is not healthy"), (probe.Result, probe.Detail));
        var hanging = ground.Get();
        Assert.Equal(GeoDnsStatus.Degraded, hanging.Status);
        Assert.Contains(
            hanging.Findings,
            finding => finding.StartsWith($"No node of the region '{East}' is healthy", StringComparison.Ordinal)
        );
        await lab.ExecAsync(ground.Host(East), "docker unpause $(docker ps -qf name=web-) >/dev/null");
        await ground.WaitAsync(Eu, Continents[East], East, TimeSpan.FromSeconds(30));

        // The whole region is cut off, its name server with it.
        await lab.OnLabAsync("fault", "cut", East);
        var cut = await ground.WaitAsync(Eu, Continents[East], West, detection);
        Assert.Null(await ground.AskAsync(East, Continents[East]));
        var without = ground.Get();
        Assert.Equal((GeoDnsStatus.Degraded, null), (without.Status, without.Servers.Single(server => server.Region == East).Serial));
        Assert.All(without.Servers.Where(server => server.Region != East), server => Assert.Equal(made.Serial, server.Serial));
        var unproven = ground.Try($"$n | Set-SwarmEdge -Name web -Region {East} -Out -TimeoutSeconds 20");
        Assert.Equal("EdgeDrainUnproven", Assert.Single(unproven.ErrorIds));
        Assert.Empty(unproven.Objects);
        await lab.OnLabAsync("fault", "heal");
        await WaitReadyAsync(3);
        Assert.Empty(ground.Try($"$n | Set-SwarmEdge -Name web -Region {East} -Out").ErrorIds);
        ground.Run($"$n | Set-SwarmEdge -Name web -Region {East} -In");
        await ground.WaitAsync(Eu, Continents[East], East, TimeSpan.FromSeconds(30));

        // Its host restarts: everything on it comes back by itself.
        await lab.OnLabAsync("host", "reboot", ground.Host(East).Name);
        var rebooted = await ground.WaitAsync(Eu, Continents[East], West, detection);
        await ground.WaitAsync(Eu, Continents[East], East, TimeSpan.FromSeconds(90));
        await ground.WaitAsync(East, Continents[East], East, TimeSpan.FromSeconds(60));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"Left DNS after: hung {hung.TotalSeconds:0.0} s, cut {cut.TotalSeconds:0.0} s, reboot {rebooted.TotalSeconds:0.0} s (checks {made.DetectionSeconds} s, time to live {made.TtlSeconds} s)"
        );

        // Nothing healthy anywhere: all are answered.
        await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "docker pause $(docker ps -qf name=web-) >/dev/null")));
        await ground.WaitAsync(Eu, Continents[East], string.Join('+', new[] { Eu, East, West }), detection);
        Assert.Contains(ground.Get().Findings, finding => finding.Contains("answers with all of them", StringComparison.Ordinal));
        await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "docker unpause $(docker ps -qf name=web-) >/dev/null")));
    }

    [Fact]
    public async Task A_zone_survives_a_name_server_and_can_be_changed_without_it()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        ground.Run(ground.Create($"-NameServer {ground.Host(Eu).Name}, {ground.Host(East).Name}"));

        await lab.ExecAsync(ground.Host(East), "systemctl stop docker.socket docker; pkill gdnsd; true");
        Assert.Equal(West, await ground.AskAsync(Eu, Continents[West]));
        await WaitReadyAsync(2);
        var changed = ground.Try($"$n | New-SwarmGeoDns -Zone {Zone} -RecordName '@', shop");

        Assert.Equal("GeoDnsServerNotReady", Assert.Single(changed.ErrorIds));
        var zone = Assert.IsType<SwarmGeoDns>(Assert.Single(changed.Objects));
        Assert.Equal((GeoDnsStatus.Degraded, zone.Serial), (zone.Status, zone.Servers.Single(server => server.Region == Eu).Serial));
        Assert.Equal(West, await ground.AskAsync(Eu, Continents[West], "shop." + Zone));
        await lab.ExecAsync(ground.Host(East), "systemctl start docker.socket docker");
        await WaitReadyAsync(3);
        await ground.WaitAsync(East, Continents[West], West, TimeSpan.FromSeconds(60));
        Assert.Equal(zone.Serial, ground.Get().Servers.Single(server => server.Region == East).Serial);
    }

    [Fact]
    public async Task A_node_whose_port_is_taken_is_refused()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        var host = ground.Host(East);
        await BlockAsync(host, "127.0.0.53", "udp");
        ground.Run(ground.Create());
        ground.Run("$n | Remove-SwarmGeoDns -Zone edge.example.org -Confirm:$false");
        await UnblockAsync(host);
        await BlockAsync(host, "0.0.0.0", "tcp");

        var refused = ground.Try(ground.Create());

        Assert.Equal("GeoDnsPortTaken", Assert.Single(refused.ErrorIds));
        Assert.Contains($"port 53 of {host.PrivateAddress} is in use by ", refused.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Equal("", (await ServiceSwarm.ManagerAsync(lab, "docker config ls -q; docker service ls -qf name=geodns")).Trim());
        await UnblockAsync(host);
    }

    [Fact]
    public async Task A_database_locates_clients_and_is_replaced_without_a_gap()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        var path = Path.Combine(Path.GetTempPath(), $"geodns-{Guid.NewGuid():N}.mmdb");
        try
        {
            await File.WriteAllBytesAsync(
                path,
                GeoDatabaseWriter.Write(
                    "Test-City",
                    ("193.0.6.0/24", 52.4, 4.9, "EU", "NL"),
                    ("18.7.22.0/24", 42.4, -71.1, "NA", "US"),
                    ("200.160.4.0/24", -23.5, -46.6, "SA", "BR"),
                    ("133.11.0.0/16", 35.7, 139.7, "AS", "JP"),
                    ("128.250.0.0/16", -37.8, 145.0, "OC", "AU")
                ),
                TestContext.Current.CancellationToken
            );
            var made = (SwarmGeoDns)
                ground
                    .Run($"$n | New-SwarmGeoDns -Zone {Zone} -Service web -Image {Image} -NoResolveImage {Check} -GeoDatabasePath '{path}'")
                    .Objects.Single();
            string Regions(string from) =>
                string.Join('+', made.Answers.Where(answer => answer.From == from).SelectMany(answer => answer.Regions).Distinct());

            Assert.Equal("cities (Test-City), then default order", made.Locating);
            Assert.Equal((Eu, East, East), (Regions("Europe"), Regions("North America"), Regions("South America")));
            Assert.Equal((West, West), (Regions("Asia"), Regions("Oceania")));
            // Nobody knows where this one is.
            Assert.Equal(Eu, Regions("Africa"));

            using var load = new QueryLoad([.. lab.Hosts.Select(host => IPAddress.Parse(host.PublicAddress))], ratePerSecond: 300);
            load.Start();
            await File.WriteAllBytesAsync(
                path,
                GeoDatabaseWriter.Write("Test-City", ("193.0.6.0/24", 42.4, -71.1, "NA", "US")),
                TestContext.Current.CancellationToken
            );
            ground.Run($"$n | New-SwarmGeoDns -Zone {Zone} -GeoDatabasePath '{path}'");
            await ground.WaitAsync(Eu, "193.0.6.0/24", East, TimeSpan.FromSeconds(30));
            Assert.Equal(0, (await load.StopAsync()).Lost);

            await File.WriteAllBytesAsync(
                path,
                GeoDatabaseWriter.Write("Test-Country", ("200.160.4.0/24", 0, 0, "SA", "BR"), ("133.11.0.0/16", 0, 0, "AS", "JP")),
                TestContext.Current.CancellationToken
            );
            made = (SwarmGeoDns)ground.Run($"$n | New-SwarmGeoDns -Zone {Zone} -GeoDatabasePath '{path}'").Objects.Single();
            Assert.Equal(East, Regions("South America"));
            ground.Run("$n | Remove-SwarmGeoDns -Zone edge.example.org -Confirm:$false");
            Assert.Equal("", (await lab.ExecAsync(ground.Host(Eu), "ls /srv/geodns")).Trim());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task The_delegation_is_compared_with_what_the_parent_zone_says()
    {
        Nightly.SkipUnlessAsked();
        var ground = await FormAsync(lab, session);
        ground.Run(ground.Create());
        // A resolver and the parent zone in one, at this machine's address in the lab.
        var own = OwnAddress(ground);
        using var parent = new ParentZone(own);

        parent.Delegate(Zone, [.. lab.Hosts.Select((host, index) => ($"ns{index + 1}.{Zone}", Sorted()[index].PublicAddress))]);
        var sound = Zone_();
        parent.Delegate(Zone, [($"ns1.{Zone}", "192.0.2.1"), ("ns.elsewhere.example", "192.0.2.2")]);
        var wrong = Zone_();
        parent.Delegate(Zone, []);
        var missing = Zone_();
        parent.Dispose();
        var unknown = Zone_();

        Assert.True(sound.Status == GeoDnsStatus.Healthy, string.Join('\n', sound.Findings));
        Assert.Equal([$"ns1.{Zone}", $"ns2.{Zone}", $"ns3.{Zone}"], sound.DelegatedTo);
        Assert.Equal(4, wrong.Findings.Count);
        Assert.Contains(missing.Findings, finding => finding.Contains("does not delegate", StringComparison.Ordinal));
        Assert.Equal((GeoDnsStatus.Healthy, null), (unknown.Status, unknown.DelegatedTo));
        Assert.Contains(unknown.Findings, finding => finding.StartsWith("Whether the parent zone delegates", StringComparison.Ordinal));

        SwarmGeoDns Zone_() => (SwarmGeoDns)ground.Run($"$n | Get-SwarmGeoDns -Zone {Zone} -Resolver {own}").Objects.Single();
        List<LabHost> Sorted() => [.. lab.Hosts.OrderBy(host => host.Region, StringComparer.Ordinal)];
    }

    /// <summary>A program of the host that holds port 53 of an address.</summary>
    private Task<string> BlockAsync(LabHost host, string address, string protocol) =>
        lab.ExecAsync(
            host,
            $$"""
            cat >/run/blocker.pl <<'END'
            use IO::Socket::INET;
            my $socket = IO::Socket::INET->new(LocalAddr => '{{address}}', LocalPort => 53, Proto => '{{protocol}}', '{{protocol}}' eq 'tcp' ? (Listen => 1) : ()) or die $!;
            sleep 600;
            END
            setsid perl /run/blocker.pl >/dev/null 2>&1 </dev/null & echo $! >/run/blocker.pid
            for try in $(seq 50); do ss -Hlntu 'sport = :53' | grep -q . && exit 0; sleep 0.1; done
            exit 1
            """
        );

    private Task<string> UnblockAsync(LabHost host) => lab.ExecAsync(host, "kill $(cat /run/blocker.pid); rm /run/blocker.*; sleep 0.5");

    private static IPAddress OwnAddress(GeoDnsGround ground)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Parse(ground.Host(Eu).PublicAddress), DnsClient.Port);
        return ((IPEndPoint)socket.LocalEndPoint!).Address;
    }

    private Task<string> TasksAsync() => ServiceSwarm.ManagerAsync(lab, "docker service ps -q $(docker service ls -qf name=geodns) | sort");

    private async Task WaitReadyAsync(int count)
    {
        for (var attempt = 0; attempt < 240; attempt++)
        {
            if (
                (await ServiceSwarm.ManagerAsync(lab, "docker node ls --format '{{.Status}}' | grep -c Ready || true")).Trim() == $"{count}"
            )
                return;
            await Task.Delay(500);
        }

        throw new TimeoutException($"There are not {count} Ready nodes.");
    }
}
