using System.Diagnostics;
using System.Globalization;

namespace SwarmOps.Tests.Lab;

/// <summary>What becomes of Galera on a swarm when it is made with the docker CLI, and what the module makes of that.</summary>
public sealed class GaleraByHandTests(LabFixture lab) : IDisposable
{
    private static readonly bool AtAll = Environment.GetEnvironmentVariable("SWARMOPS_GALERA") == "all";

    /// <summary>What is common to images that start themselves: own address, the others', and the server.</summary>
    private const string Functions = """
        #!/bin/bash
        own() { awk '/32 host LOCAL/ { print last } { last = $2 }' /proc/net/fib_trie | sort -u; }
        named() { timeout 3 getent ahostsv4 "$WSREP_CLUSTER_DNSNAME" | awk '{ print $1 }' | sort -u; }
        peers() { comm -13 <(own) <(named); }
        serve() {
            [ -e /var/lib/mysql/mysql ] || [ "$1" = gcomm:// ] || install -d -o mysql -g mysql /var/lib/mysql/mysql
            export MARIADB_MYSQL_LOCALHOST_USER=1 MARIADB_MYSQL_LOCALHOST_GRANTS='RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR'
            exec docker-entrypoint.sh mariadbd --wsrep-on=ON --wsrep-provider=/usr/lib/galera/libgalera_smm.so --wsrep-cluster-name="$WSREP_CLUSTER_NAME" --wsrep-cluster-address="$1" \
                --wsrep-node-address="$(comm -12 <(own) <(named))" --wsrep-sst-method=mariabackup --wsrep-sst-auth=mysql: --binlog-format=ROW --innodb-autoinc-lock-mode=2 --bind-address=0.0.0.0
        }

        """;

    /// <summary>"No peers, so I am the first": nobody is in DNS before it is healthy, so everybody is.</summary>
    private const string Naive =
        Functions
        + """
            peers=$(peers | paste -sd,)
            [ "$HOSTNAME" != us-west-1 ] || [ -e /var/lib/mysql/mysql ] || sleep 45
            serve "gcomm://$peers"
            """;

    /// <summary>Waits until all three have an address; then the first of them founds, where there is no data yet.</summary>
    private const string Sound =
        Functions
        + """
            until [ "$(named | wc -l)" -ge 3 ]; do sleep 1; done
            first=$(named | head -n 1)
            if own | grep -qx "$first" && [ ! -e /var/lib/mysql/grastate.dat ]; then serve gcomm://; fi
            until timeout 2 bash -c "exec 3<>/dev/tcp/$first/4567" 2>/dev/null; do sleep 1; done
            serve "gcomm://$(peers | paste -sd,)"
            """;

    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task The_naive_recipe_misses_addresses_and_founds_three_clusters_which_is_seen_and_repaired()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        var nodes = await GaleraGround.FormAsync(lab, session);
        await GaleraGround.OnAllAsync(lab, "mkdir -p /srv/mysql && chown 999:999 /srv/mysql");
        await ServiceSwarm.ManagerAsync(
            lab,
            $$"""
            head -c 16 /dev/urandom | base64 | docker secret create GALERA_ROOT_PASSWORD - >/dev/null
            cat <<'END' | docker config create naive - >/dev/null
            {{Naive}}
            END
            docker service create -q -d --no-resolve-image --name galera --mode global --network db --endpoint-mode dnsrr --hostname '{{"{{.Node.Hostname}}"}}' \
                --label swarmops.galera.cluster=galera --label swarmops.galera.layout=Global --label swarmops.galera.data=/srv/mysql \
                --secret source=GALERA_ROOT_PASSWORD,target=GALERA_ROOT_PASSWORD,mode=0400 -e MARIADB_ROOT_PASSWORD_FILE=/run/secrets/GALERA_ROOT_PASSWORD \
                -e WSREP_CLUSTER_NAME=galera -e WSREP_CLUSTER_DNSNAME=tasks.galera --mount type=bind,source=/srv/mysql,target=/var/lib/mysql \
                --config source=naive,target=/naive.sh,mode=0555 --entrypoint /naive.sh \
                --health-cmd 'MYSQL_PWD=$(cat /run/secrets/GALERA_ROOT_PASSWORD) mariadb -uroot -e "DO 0"' --health-interval 2s --health-retries 1000 lab/mariadb:10.11
            """
        );

        // All three containers run, and the name has two addresses, also for the third one itself.
        Assert.All(
            await GaleraGround.OnAllAsync(
                lab,
                "for try in $(seq 80); do id=$(docker ps -q -f volume=/srv/mysql); [ -n \"$id\" ] && n=$(docker exec $id getent ahostsv4 tasks.galera | awk '{ print $1 }' | sort -u | wc -l) && [ $n = 2 ] && break; sleep 0.5; done; echo $n"
            ),
            count => Assert.Equal("2", count.Trim())
        );
        var split = await UntilAsync(
            nodes,
            cluster => cluster.GaleraNodes.Count(node => node.State == "Synced" && node.DnsAnswers.Count == 3) == 3
        );
        Assert.Equal((GaleraStatus.Split, 3), (split.Status, split.GaleraNodes.Select(node => node.Uuid).Distinct().Count()));
        Assert.All(
            split.GaleraNodes,
            node => Assert.Equal(("Primary", 1, 3), (node.ClusterStatus, node.ClusterSize, node.DnsAnswers.Count))
        );
        Assert.Contains(split.Findings, finding => finding.StartsWith("split: the nodes form 3 clusters", StringComparison.Ordinal));
        Assert.Equal("3/3", (await ServiceSwarm.ManagerAsync(lab, "docker service ls --format '{{.Replicas}}'")).Trim());

        var kept = split.GaleraNodes.First(node => node.Node == lab.Hosts[1].Name).Uuid;
        var clock = Stopwatch.StartNew();
        var repaired = (GaleraCluster)
            session.Run("$n | Repair-GaleraCluster -Uuid $u", ("n", nodes), ("u", kept)).ThrowOnError().Objects.Single();

        GaleraGround.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"three clusters of a naive recipe: one again {clock.Elapsed.TotalSeconds:0.0} s after Repair-GaleraCluster began"
            )
        );
        Assert.Equal((3, kept), (repaired.Size, repaired.Uuid));
        // This recipe's tasks are in DNS only when its own check has found them healthy.
        GaleraGround.AssertWhole(await UntilAsync(nodes, cluster => cluster.GaleraNodes.All(node => node.DnsAnswers.Count == 3)));
        await GaleraGround.AssertWritesReachAllAsync(lab);
        Assert.Equal(
            2,
            (await GaleraGround.OnAllAsync(lab, "ls -d /srv/mysql.aside-*/ibdata1 2>/dev/null || true")).Count(text =>
                text.Trim().Length > 0
            )
        );
        await GaleraGround.WipeAsync(lab);
    }

    [Fact]
    public async Task An_image_that_founds_by_itself_is_started_as_it_is_and_verified_all_the_same()
    {
        Assert.SkipUnless(AtAll, "long: SWARMOPS_GALERA=all");
        var nodes = await GaleraGround.FormAsync(lab, session);
        await MakeImageAsync("sound", Sound);
        await MakeImageAsync("naive", Functions + "serve gcomm://");
        const string line = "$n | New-GaleraService -Overlay db -Layout Global -ImageBootstraps -NoResolveImage -Image lab/galera-";

        var made = (GaleraCluster)session.Run(line + "sound", ("n", nodes)).ThrowOnError().Objects.Single();

        GaleraGround.AssertWhole(made);
        await GaleraGround.AssertWritesReachAllAsync(lab);
        Assert.Equal(
            "null null",
            (
                await ServiceSwarm.ManagerAsync(
                    lab,
                    "docker config ls -q; docker service inspect galera -f '{{json .Spec.TaskTemplate.ContainerSpec.Command}} {{json .Spec.TaskTemplate.ContainerSpec.Healthcheck}}'"
                )
            ).Trim()
        );
        var versions = await GaleraGround.VersionsAsync(lab);
        Assert.Equal(made.Uuid, ((GaleraCluster)session.Run(line + "sound", ("n", nodes)).ThrowOnError().Objects.Single()).Uuid);
        Assert.Equal(versions, await GaleraGround.VersionsAsync(lab));

        await GaleraGround.WipeAsync(lab);
        var split = session.Run(line + "naive", ("n", nodes));
        Assert.Equal("GaleraSplit", Assert.Single(split.ErrorIds));
        Assert.Empty(split.Objects);
        await GaleraGround.WipeAsync(lab);
    }

    private Task<string[]> MakeImageAsync(string name, string script) =>
        GaleraGround.OnAllAsync(
            lab,
            $$"""
            mkdir -p /srv/image && cd /srv/image
            cat >start.sh <<'END'
            {{script}}
            END
            chmod 0755 start.sh
            printf 'FROM lab/mariadb:10.11\nCOPY start.sh /start.sh\nENTRYPOINT ["/start.sh"]\nCMD []\n' >Dockerfile
            docker build -q -t lab/galera-{{name}} . >/dev/null && rm -rf /srv/image
            """
        );

    private async Task<GaleraCluster> UntilAsync(IReadOnlyList<SwarmNode> nodes, Func<GaleraCluster, bool> reached)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var cluster = (GaleraCluster)session.Run("$n | Get-GaleraCluster -Name galera", ("n", nodes)).ThrowOnError().Objects.Single();
            if (reached(cluster) || clock.Elapsed > TimeSpan.FromMinutes(2))
                return cluster;
            await Task.Delay(1000, TestContext.Current.CancellationToken);
        }
    }
}
