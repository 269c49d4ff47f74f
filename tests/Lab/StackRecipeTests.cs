using System.Management.Automation;
using System.Net;

namespace SwarmOps.Tests.Lab;

/// <summary>examples/wordpress-stack.ps1 on the lab: one Compose file makes database, uploads, web servers and DNS.</summary>
public sealed class StackRecipeTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();
    private readonly string status = Path.GetTempFileName();
    private readonly PSCredential author = new("author", new NetworkCredential("", Guid.NewGuid().ToString()).SecurePassword);

    public void Dispose()
    {
        session.Dispose();
        File.Delete(status);
    }

    [Fact]
    public async Task One_file_makes_the_whole_site_and_the_same_file_again_changes_nothing()
    {
        Nightly.SkipUnlessAsked();
        await lab.ResetAsync();
        foreach (var host in lab.Hosts)
            await lab.ExecAsync(host, "rm -rf /srv/mysql* /srv/wordpress* /srv/geodns /var/lib/swarmops");
        await lab.OnLabAsync("image", "push", "mariadb", "syncthing", "wordpress", "gdnsd");
        await File.WriteAllTextAsync(status, await lab.OnLabAsync("status", "--json"), TestContext.Current.CancellationToken);

        var made = RunExample("-Author $author");

        var lines = made.OfType<string>().ToList();
        Assert.Contains(lines, line => line.StartsWith("Create SharedFolder site-uploads", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Create GaleraCluster site-db", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Create GeoDns edge.example.org", StringComparison.Ordinal));
        var stack = Assert.Single(made.OfType<SwarmStack>());
        Assert.Equal((lab.Hosts.Count, lab.Hosts.Count), (stack.RunningCount, stack.DesiredCount));
        foreach (var host in lab.Hosts)
        {
            using var site = new WordPressTests.WordPressSite(host, author);
            Assert.Equal((200, "ready"), await site.GetAsync("/ready"));
            Assert.Contains("One site, three regions", (await site.GetAsync("/")).Text, StringComparison.Ordinal);
        }

        var (specs, nodes) = (await SpecsAsync(), session.Nodes(lab));
        Assert.Equal(
            GaleraStatus.Healthy,
            session.Run("$n | Get-GaleraCluster", ("n", nodes)).ThrowOnError().Objects.OfType<GaleraCluster>().Single().Status
        );
        Assert.Equal(
            lab.Hosts.Count,
            session.Run("$n | Get-SwarmSharedFolder", ("n", nodes)).ThrowOnError().Objects.OfType<SwarmSharedFolder>().Single().Copies.Count
        );
        Assert.Equal(
            lab.Hosts.Count,
            session.Run("$n | Get-SwarmGeoDns", ("n", nodes)).ThrowOnError().Objects.OfType<SwarmGeoDns>().Single().Servers.Count
        );

        Assert.Empty(RunExample().OfType<string>());
        Assert.Equal(specs, await SpecsAsync());

        // The database, its data and the uploads are not the stack's.
        var removed = session.Run("$n | Remove-SwarmStack -Name site -Confirm:$false", ("n", nodes)).ThrowOnError();
        Assert.Empty(removed.Warnings);
        Assert.Equal(
            GaleraStatus.Healthy,
            session.Run("$n | Get-GaleraCluster", ("n", nodes)).ThrowOnError().Objects.OfType<GaleraCluster>().Single().Status
        );
        session
            .Run(
                "$n | Remove-SwarmGeoDns -Zone edge.example.org -Confirm:$false; $n | Remove-SwarmSharedFolder -Name site-uploads -Confirm:$false; $n | Remove-GaleraService -Name site-db -Confirm:$false",
                ("n", nodes)
            )
            .ThrowOnError();
    }

    private Task<string> SpecsAsync() =>
        lab.ExecAsync(
            lab.Hosts[0],
            "for id in $(docker service ls -q | sort); do docker service inspect -f '{{.Spec.Name}} {{.Version.Index}}' $id; done | sort"
        );

    private List<object> RunExample(string more = "") =>
        [
            .. session
                .Run(
                    $"& '{Path.Combine(Repository.Root, "examples", "wordpress-stack.ps1")}' -StatusPath '{status}' -Module '{Repository.Module}' -Unencrypted {more}",
                    ("author", author)
                )
                .ThrowOnError()
                .Objects,
        ];
}
