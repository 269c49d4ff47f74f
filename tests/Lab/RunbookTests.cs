using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Lab;

/// <summary>Each runbook of docs/operations.md, from the page alone: the swarm is broken as its heading says, and its lines make it whole.</summary>
public sealed partial class RunbookTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();
    private readonly string folder = Directory.CreateTempSubdirectory("swarmops-").FullName;

    private LabHost First => lab.Hosts[0];

    private LabHost West => lab.Hosts.Single(host => host.Name == "us-west-1");

    public void Dispose()
    {
        session.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task One_manager_is_lost()
    {
        await FormAsync();
        await LoseAsync(West);
        Run("one manager is lost");
        await AssertWholeAsync();
    }

    [Fact]
    public async Task The_majority_of_the_managers_is_lost()
    {
        await FormAsync();
        await LoseAsync(West);
        await LoseAsync(lab.Hosts.Single(host => host.Name == "us-east-1"));
        await lab.ExecAsync(First, "systemctl restart docker");
        Run("the majority of the managers is lost");
        await AssertWholeAsync();
        await lab.ExecAsync(First, "rm -rf /var/lib/docker/swarm.*");
    }

    [Fact]
    public async Task All_managers_are_lost()
    {
        await FormAsync();
        session
            .Run(
                "function global:Get-Secret { param($Name) $global:secret }; $nodes | Backup-Swarm -Destination ./backups -Passphrase (Get-Secret swarm-backup) -SkipTrial -Confirm:$false",
                ("secret", new NetworkCredential("", "correct horse battery").SecurePassword)
            )
            .ThrowOnError();
        await Task.WhenAll(lab.Hosts.Select(LoseAsync));
        Run("all managers are lost");
        await AssertWholeAsync();
    }

    [Fact]
    public async Task A_region_is_cut_off_for_days()
    {
        await FormAsync();
        await lab.OnLabAsync("fault", "cut", "us-west-1");
        await UntilAsync("docker node inspect -f '{{.ManagerStatus.Reachability}}' us-west-1", "unreachable", First);
        Run("a region is cut off for days", block: 0);
        await lab.OnLabAsync("fault", "heal");
        await UntilAsync("docker node inspect -f '{{.Status.State}}' us-west-1", "ready", First);
        Run("a region is cut off for days", block: 1);
        await AssertWholeAsync();
    }

    [Fact]
    public async Task A_certificate_has_expired()
    {
        await FormAsync();
        var authority = await SwarmCertificates.TakeOverAsync(lab);
        await lab.ExecAsync(West, "systemctl stop docker.socket docker");
        await authority.ExpireAsync(lab, West);
        await lab.ExecAsync(West, "systemctl start docker.socket docker");
        await UntilAsync("docker info -f '{{.Swarm.LocalNodeState}}'", "error", West);
        Run("a certificate has expired");
        await AssertWholeAsync();
        await lab.ExecAsync(West, "rm -rf /var/lib/docker/swarm.*");
    }

    [Fact]
    public async Task A_disk_is_full()
    {
        await FormAsync();
        // A disk of its own for the state, filled to its last byte.
        await lab.ExecAsync(
            West,
            """
            set -e
            systemctl stop docker.socket docker
            mkdir -p /run/full && mount -t tmpfs -o size=200m full /run/full && cp -a /var/lib/docker/swarm/. /run/full/
            mount --bind /run/full /var/lib/docker/swarm
            cat /dev/zero >/run/full/filler 2>/dev/null || true
            systemctl start docker.socket docker || true
            """
        );
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
            await lab.ExecAsync(West, "rm -f /run/full/filler; systemctl restart docker");
            Run("a disk is full");
            await AssertWholeAsync();
        }
        finally
        {
            await lab.ExecAsync(
                West,
                "systemctl stop docker.socket docker; umount /var/lib/docker/swarm; umount /run/full; rm -rf /run/swarmops-bare"
            );
            await lab.ResetAsync();
        }
    }

    [Fact]
    public async Task A_host_has_another_address()
    {
        await FormAsync();
        await lab.OnLabAsync("host", "address", "us-west-1");
        await lab.RefreshAsync();
        session.Run("$global:nodes = $n", ("n", session.Nodes(lab))).ThrowOnError();
        Run("a host has another address");
        await AssertWholeAsync();
    }

    [Fact]
    public async Task Two_swarms_where_there_should_be_one()
    {
        await FormAsync();
        await LoseAsync(West);
        await lab.ExecAsync(
            First,
            "docker node demote us-west-1; for try in $(seq 30); do docker node rm --force us-west-1 && break; sleep 1; done"
        );
        await lab.ExecAsync(West, $"docker swarm init --advertise-addr {West.PublicAddress} --listen-addr {West.PrivateAddress}");
        Assert.Contains("NodesInDifferentSwarms", session.Run("$nodes | Get-SwarmService").ErrorIds);
        Run("two swarms where there should be one");
        await AssertWholeAsync(labels: false);
    }

    /// <summary>Runs the lines of a runbook, and notes the time that they took.</summary>
    private void Run(string title, int block = 0)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));
        var start = page.IndexOf($"### Runbook: {title}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"The page has no runbook '{title}'.");
        var end = page.IndexOf("\n### ", start + 1, StringComparison.Ordinal);
        var lines = Lines().Matches(end < 0 ? page[start..] : page[start..end])[block].Groups[1].Value;
        var begun = Stopwatch.GetTimestamp();
        session.Run(lines).ThrowOnError();
        TestContext.Current.TestOutputHelper?.WriteLine($"{title}: {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s");
    }

    private async Task FormAsync()
    {
        Nightly.SkipUnlessAsked();
        await lab.ResetAsync();
        session
            .Run(
                "Set-Location $folder; $global:nodes = $n; $null = $nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion",
                ("n", session.Nodes(lab)),
                ("folder", folder)
            )
            .ThrowOnError();
        await lab.ExecAsync(
            First,
            """
            set -e
            for id in $(docker node ls -q); do docker node update --label-add kept=yes $id >/dev/null; done
            docker service create -d --name agent --mode global lab/busybox:latest sleep 1000000 >/dev/null
            """
        );
        await AssertWholeAsync();
    }

    /// <summary>The disk is lost: the engine comes back bare.</summary>
    private async Task LoseAsync(LabHost host) =>
        await lab.ExecAsync(host, await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "reset-engine.sh")));

    /// <summary>Three managers, no entry too many, their labels, and the service on each.</summary>
    private Task AssertWholeAsync(bool labels = true) =>
        ManagerLab.UntilAsync(
            async () =>
            {
                var seen = await lab.ExecAsync(
                    First,
                    """
                    docker node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}' 2>&1
                    for id in $(docker node ls -q 2>/dev/null); do docker node inspect -f '{{.Spec.Labels}}' $id 2>&1; done
                    docker service ps agent --filter desired-state=running --format '{{.CurrentState}}' 2>&1; true
                    """
                );
                var isWhole =
                    Count(seen, " Ready ") == 3
                    && Count(seen, " Leader") == 1
                    && Count(seen, " Reachable") == 2
                    && Count(seen, "Down") == 0
                    && Count(seen, "Running ") == 3
                    && Count(seen, "swarmops.") == 0
                    && (!labels || Count(seen, "kept:yes") == 3);
                return (isWhole, seen);
            },
            90
        );

    private Task UntilAsync(string command, string expected, LabHost host) =>
        ManagerLab.UntilAsync(
            async () => await lab.ExecAsync(host, command) is var said && said.Trim() == expected ? (true, "") : (false, said),
            90
        );

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex("```powershell\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Lines();
}
