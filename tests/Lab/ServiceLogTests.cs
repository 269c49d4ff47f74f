using System.Diagnostics;
using System.Management.Automation;

namespace SwarmOps.Tests.Lab;

/// <summary>Logs of a service that never stops talking, over SSH.</summary>
public sealed class ServiceLogTests(LabFixture lab)
{
    private const long Megabyte = 1024 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_slow_reader_of_a_chatty_service_takes_little_memory_and_a_cut_node_ends_it()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("SWARMOPS_OUTAGE") == "all",
            "Takes two minutes: runs with SWARMOPS_OUTAGE=all, as in the nightly run."
        );
        using var session = new Session();
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await ServiceSwarm.ManagerAsync(
            lab,
            """
            docker service create -qd --name chatty --constraint node.role==manager --log-driver json-file --log-opt max-size=5m --log-opt max-file=2 \
                lab/busybox:latest sh -c 'line=$(head -c 3000 /dev/zero | tr "\0" x); while :; do for i in 1 2 3 4 5 6 7 8 9 10; do echo $line; done; usleep 1000; done' >/dev/null
            for try in $(seq 100); do [ "$(docker service ps -q -f desired-state=running chatty | wc -l)" = 1 ] && docker service logs --tail 1 chatty 2>/dev/null | grep -q x && exit 0; sleep 0.2; done; exit 1
            """
        );
        using var slow = session.Create(
            "$m | Get-SwarmServiceLog -Name chatty -Follow | ForEach-Object { [System.Threading.Thread]::Sleep(100); $_ }",
            ("m", nodes[0])
        );
        using var output = new PSDataCollection<PSObject>();
        slow.BeginInvoke<PSObject, PSObject>(null, output);
        while (output.Count == 0)
            await Task.Delay(50, Token);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peak = 0L;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(30); )
        {
            await Task.Delay(1000, Token);
            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        TestContext.Current.SendDiagnosticMessage($"{output.Count} lines read, {peak / Megabyte} MB alive at most");
        Assert.InRange(peak, -100 * Megabyte, 60 * Megabyte);
        // The engine is held up for half a minute by now; the rest of the swarm and of this session is not.
        using var beside = new Session();
        beside.Run("$n | Get-Swarm", ("n", nodes)).ThrowOnError();
        var stop = Stopwatch.StartNew();
        await Task.Run(slow.Stop, Token);
        Assert.True(stop.Elapsed < TimeSpan.FromSeconds(3), $"Ctrl+C took {stop.Elapsed}");

        using var follow = session.Create("$m | Get-SwarmServiceLog -Name chatty -Follow | ForEach-Object { $_.Stream }", ("m", nodes[0]));
        using var lines = new PSDataCollection<PSObject>();
        var running = follow.BeginInvoke<PSObject, PSObject>(null, lines);
        while (lines.Count == 0)
            await Task.Delay(50, Token);
        await lab.OnLabAsync("fault", "cut", lab.Hosts[0].Region);
        try
        {
            Assert.True(await Task.Run(() => running.AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(75)), Token), "it went on");
            follow.EndInvoke(running);
            var error = Assert.Single(follow.Streams.Error);
            TestContext.Current.SendDiagnosticMessage(error.Exception.Message);
            Assert.Contains($"'{nodes[0].Name}'", error.Exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            await lab.OnLabAsync("fault", "heal");
            await ServiceSwarm.ManagerAsync(lab, "docker service rm chatty >/dev/null");
        }
    }
}
