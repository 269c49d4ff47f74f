namespace SwarmOps.Tests.Lab;

/// <summary>Get-SwarmFinding names what is broken in a real swarm, and nothing of what works; an outage is a result.</summary>
public sealed class InsightTests(LabFixture lab) : IDisposable
{
    /// <summary>A question that was asked before its manager lost the leader is held for some time: 20 s by an engine, 10 s by each further manager.</summary>
    private const int Patience = 120;

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task A_healthy_swarm_needs_no_attention_then_each_fault_is_named()
    {
        var nodes = await lab.ThreeManagersAsync(session);
        session
            .Run(
                "$null = $n | New-EncryptedOverlay -Name internal -Unencrypted -WarningAction SilentlyContinue; $null = $n | New-SwarmService -Name web -Image lab/busybox:latest -NoResolveImage -Mode Global -ArgumentList sleep, 3600 -Network internal",
                ("n", nodes)
            )
            .ThrowOnError();

        var healthy = Find(nodes);
        Assert.DoesNotContain(healthy, finding => finding.Severity > SwarmFindingSeverity.Information);

        var (second, third) = (lab.Hosts[1], lab.Hosts[2]);
        session.Run("$n[1] | Set-SwarmNode -Availability Drain -Manager $n[0]", ("n", nodes)).ThrowOnError();
        await lab.OnLabAsync("fault", "drop", third.Name, "4789/udp");
        await lab.ExecAsync(
            lab.Hosts[0],
            "docker service create -d --name broken --no-resolve-image --restart-delay 1s lab/nosuch:1 >/dev/null"
        );
        await ManagerLab.UntilAsync(
            async () =>
                await lab.ExecAsync(lab.Hosts[0], "docker service ps broken") is var tasks
                && tasks.Contains("No such image", StringComparison.Ordinal)
                    ? (true, tasks)
                    : (false, tasks),
            Patience
        );

        var found = Find(nodes);

        Assert.Equal(second.Name, Assert.Single(found, finding => finding.Check == "NodeNotActive").Subject);
        var broken = Assert.Single(found, finding => finding is { Subject: "broken", Check: "TasksMissing" });
        Assert.Equal(SwarmFindingSeverity.Critical, broken.Severity);
        Assert.NotNull(broken.Since);
        Assert.Contains(
            found,
            finding => finding is { Area: SwarmFindingArea.Node, Check: "PortBlocked" } && finding.Subject == third.Name
        );
        Assert.Contains(
            found,
            finding => finding is { Area: SwarmFindingArea.Overlay, Subject: "internal", Severity: SwarmFindingSeverity.Critical }
        );
        Assert.All(
            found.Where(finding => finding.Severity > SwarmFindingSeverity.Information),
            finding => Assert.NotEmpty(finding.RecommendedAction)
        );
    }

    [Fact]
    public async Task An_outage_is_a_result_and_what_it_hides_is_not_resolved()
    {
        Nightly.SkipUnlessAsked();
        var nodes = await lab.ThreeManagersAsync(session);
        using var watching = session.Create(
            "$n | Get-SwarmFinding -Wait -IntervalSeconds 1 -TimeoutSeconds 2 -SkipPacketTest",
            ("n", nodes)
        );
        var seen = new System.Management.Automation.PSDataCollection<System.Management.Automation.PSObject>();
        var run = watching.BeginInvoke<System.Management.Automation.PSObject, System.Management.Automation.PSObject>(null, seen);
        using var other = new Session();

        foreach (var host in lab.Hosts.Skip(1))
            await lab.OnLabAsync("fault", "cut", host.Region, "--keep-admin");
        try
        {
            await ManagerLab.UntilAsync(
                () => Task.FromResult((Checks(seen).Contains("SwarmNotAvailable"), string.Join(' ', Checks(seen)))),
                Patience
            );
            var found = other
                .Run("$n | Get-SwarmFinding -TimeoutSeconds 2 -SkipPacketTest", ("n", nodes))
                .ThrowOnError()
                .Objects.Cast<SwarmFinding>()
                .ToList();
            Assert.Equal((SwarmFindingSeverity.Critical, "SwarmNotAvailable"), (found[0].Severity, found[0].Check));
            // Only what was not known of a host before: hosts are asked in an outage, too.
            Assert.DoesNotContain(
                Findings(seen),
                finding => finding.IsResolved && !(finding is { Severity: SwarmFindingSeverity.Unknown, Area: SwarmFindingArea.Node })
            );
        }
        finally
        {
            await lab.OnLabAsync("fault", "heal");
        }

        await ManagerLab.UntilAsync(
            () =>
                Task.FromResult(
                    (
                        Findings(seen).Any(finding => finding is { Check: "SwarmNotAvailable", IsResolved: true }),
                        string.Join(' ', Checks(seen))
                    )
                ),
            Patience
        );
        watching.Stop();
        Assert.Throws<System.Management.Automation.PipelineStoppedException>(() => watching.EndInvoke(run));
    }

    [Fact]
    public async Task A_report_and_metrics_are_written_of_what_is_there()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            var report = (SwarmReport)
                session
                    .Run(
                        "$n | Export-SwarmReport -Path $d/r.html -SkipPacketTest -PassThru; $null = $n | Export-SwarmMetric -Path $d/m.prom -SkipPacketTest",
                        ("n", nodes),
                        ("d", directory.FullName)
                    )
                    .ThrowOnError()
                    .Objects.Single();

            Assert.Equal(lab.Hosts.Count, report.Nodes.Count);
            Assert.All(report.Nodes, node => Assert.Null(node.Error));
            Assert.All(report.Swarm!.Nodes, node => Assert.Null(node.KeyFilePath));
            Assert.All(report.Nodes, node => Assert.InRange((node.CertificateExpiry!.Value - DateTime.UtcNow).TotalDays, 80, 91));
            Assert.All(
                report.Nodes,
                node => Assert.True(node is { MemoryBytes: > 0, MemoryAvailableBytes: > 0, Load: >= 0, Disks.Count: > 0 })
            );
            Assert.All(report.Nodes, node => Assert.InRange(node.ClockOffsetSeconds!.Value, -1, 1));
            Assert.Empty(report.GaleraClusters!);
            Assert.Empty(report.Services!);
            Assert.Null(report.Paths);
            Assert.Contains(
                "<title>Swarm report: ",
                await File.ReadAllTextAsync(Path.Combine(directory.FullName, "r.html"), TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
            Assert.Contains(
                "swarmops_managers 1\n",
                await File.ReadAllTextAsync(Path.Combine(directory.FullName, "m.prom"), TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
            Assert.Equal(2, directory.GetFiles().Length);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private List<SwarmFinding> Find(IReadOnlyList<SwarmNode> nodes) =>
        [.. session.Run("$n | Get-SwarmFinding", ("n", nodes)).ThrowOnError().Objects.Cast<SwarmFinding>()];

    private static List<SwarmFinding> Findings(IEnumerable<System.Management.Automation.PSObject> seen) =>
        [.. seen.ToArray().Select(item => item.BaseObject).Cast<SwarmFinding>()];

    private static List<string> Checks(IEnumerable<System.Management.Automation.PSObject> seen) =>
        [.. Findings(seen).Select(finding => finding.Check)];
}
