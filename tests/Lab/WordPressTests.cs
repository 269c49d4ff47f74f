using System.Net;
using System.Text;

namespace SwarmOps.Tests.Lab;

/// <summary>examples/wordpress.ps1 on the lab. The images take minutes on a fresh machine: only with SWARMOPS_WORDPRESS=1.</summary>
public sealed class WordPressTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    public static bool Wanted => Environment.GetEnvironmentVariable("SWARMOPS_WORDPRESS") is "1";

    public void Dispose() => session.Dispose();

    [Fact(Skip = "The images take minutes on a fresh machine: SWARMOPS_WORDPRESS=1 runs it.", SkipUnless = nameof(Wanted))]
    public async Task The_example_serves_WordPress_on_every_continent_and_php_fpm_answers_across_them()
    {
        await ServiceSwarm.FormAsync(lab, session);
        await lab.OnLabAsync("image", "load", "all", "wordpress");
        await lab.OnLabAsync("image", "load", "all", "mariadb");
        await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "rm -rf /srv/mysql /srv/wordpress")));
        var status = Path.GetTempFileName();
        await File.WriteAllTextAsync(status, await lab.OnLabAsync("status", "--json"), TestContext.Current.CancellationToken);
        var example = Path.Combine(Repository.Root, "examples", "wordpress.ps1");
        var command = $"& '{example}' -StatusPath '{status}' -Module '{Repository.Module}' -Unencrypted";

        var made = session.Run(command).ThrowOnError().Objects.Cast<SwarmService>().ToList();
        var again = session.Run(command).ThrowOnError().Objects.Cast<SwarmService>().ToList();

        Assert.Equal(
            ["wordpress-db", .. lab.Hosts.Select(host => $"wordpress-{host.Region}").Order()],
            made.Select(service => service.Name)
        );
        Assert.All(made, service => Assert.Equal((1, 1), (service.DesiredCount, service.RunningCount)));
        Assert.Equal(made.Select(service => service.UpdatedAt), again.Select(service => service.UpdatedAt));
        foreach (var host in lab.Hosts)
            await CheckAsync(host);
        await FastCgiAsync();
        File.Delete(status);
    }

    /// <summary>Reads the page from outside, by both ports; WordPress can say that it is not installed yet only after it asked its database.</summary>
    private async Task CheckAsync(LabHost host)
    {
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=wordpress.example",
            AllowAutoRedirect = false,
        };
        using var client = new HttpClient(handler);
        foreach (var scheme in new[] { "http", "https" })
        {
            var page = await client.GetAsync($"{scheme}://{host.PublicAddress}/", TestContext.Current.CancellationToken);
            Assert.Equal(
                (HttpStatusCode.Redirect, $"{scheme}://{host.PublicAddress}/wp-admin/install.php"),
                (page.StatusCode, page.Headers.Location!.ToString())
            );
            Assert.Contains(
                "WordPress",
                await client.GetStringAsync(page.Headers.Location, TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
        }

        const string facts = """
            c=$(docker ps -q -f name=wordpress- -f ancestor=lab/wordpress:6.1 | head -n 1)
            docker exec $c stat -Lc '%a %u %n' /run/secrets/db-password /run/secrets/tls.pem
            grep -c 'GET / ' /srv/wordpress/log/access.log
            stat -c %U:%n /srv/wordpress/uploads | sed 's/:.*//'
            """;
        Assert.Equal(
            "444 0 /run/secrets/db-password 400 0 /run/secrets/tls.pem 2 www-data",
            string.Join(' ', (await lab.ExecAsync(host, facts)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        );
    }

    /// <summary>A php-fpm service in one region, asked over the overlay from a container in another.</summary>
    private async Task FastCgiAsync()
    {
        var nodes = session.Nodes(lab);
        session
            .Run(
                "$n | New-SwarmService -Name fpm -Image lab/wordpress:6.1 -NoResolveImage -ArgumentList php-fpm -Network internal -EndpointMode Dnsrr -Constraint node.labels.region==eu-central-1 -StableSeconds 1",
                ("n", nodes)
            )
            .ThrowOnError();
        var far = lab.Hosts.Single(host => host.Region == "us-west-1");
        var script = new StringBuilder("c=$(docker ps -q -f name=wordpress-us-west-1 | head -n 1); ")
            .Append("docker exec -e SCRIPT_NAME=/ping -e SCRIPT_FILENAME=/ping -e REQUEST_METHOD=GET $c cgi-fcgi -bind -connect fpm:9000")
            .ToString();
        Assert.EndsWith("pong", (await lab.ExecAsync(far, script)).Trim(), StringComparison.Ordinal);
        session.Run("$n | Remove-SwarmService -Name fpm -Confirm:$false", ("n", nodes)).ThrowOnError();
    }
}
