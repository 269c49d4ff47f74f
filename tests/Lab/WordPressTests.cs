using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Lab;

/// <summary>examples/wordpress.ps1 on the lab: one site, served and written to in every region, also while one of them is cut off.</summary>
public sealed partial class WordPressTests(LabFixture lab) : IDisposable
{
    private const string Cut = "us-east-1";

    private readonly Session session = new();
    private readonly List<WordPressSite> sites = [];
    private readonly string status = Path.GetTempFileName();
    private readonly PSCredential author = new("author", new NetworkCredential("", Guid.NewGuid().ToString()).SecurePassword);

    public void Dispose()
    {
        sites.ForEach(site => site.Dispose());
        session.Dispose();
        File.Delete(status);
    }

    [Fact]
    public async Task Every_region_serves_and_takes_writes_and_readers_do_not_notice_that_another_one_is_cut_off()
    {
        Nightly.SkipUnlessAsked();
        await lab.ResetAsync();
        await OnAllAsync("rm -rf /srv/mysql* /srv/wordpress* /srv/geodns /var/lib/swarmops");
        await lab.OnLabAsync("image", "push", "mariadb", "syncthing", "wordpress", "gdnsd");
        await File.WriteAllTextAsync(status, await lab.OnLabAsync("status", "--json"), TestContext.Current.CancellationToken);

        var made = RunExample();
        sites.AddRange(lab.Hosts.Select(host => new WordPressSite(host, author)));
        await AssertMadeAsync(made);
        Assert.Equal(Versions(made), Versions(RunExample()));

        await AssertWritesAtOnceAsync();
        await AssertUploadAsync();
        await AssertCutAsync();
    }

    private List<object> RunExample() =>
        [
            .. session
                .Run(
                    $"& '{Path.Combine(Repository.Root, "examples", "wordpress.ps1")}' -StatusPath '{status}' -Module '{Repository.Module}' -Unencrypted -Author $author",
                    ("author", author)
                )
                .ThrowOnError()
                .Objects,
        ];

    /// <summary>What a second run must not change.</summary>
    private static List<string> Versions(List<object> made) =>
        [
            .. made.OfType<SwarmService>().Select(service => $"{service.Name} {service.UpdatedAt:O}"),
            .. made.OfType<SwarmGeoDns>().Select(zone => $"{zone.Zone} {zone.Serial}"),
        ];

    private async Task AssertMadeAsync(List<object> made)
    {
        Assert.Equal(GaleraStatus.Healthy, Assert.Single(made.OfType<GaleraCluster>()).Status);
        Assert.Equal(lab.Hosts.Count, Assert.Single(made.OfType<SwarmSharedFolder>()).Copies.Count);
        var services = made.OfType<SwarmService>().ToList();
        Assert.Equal(lab.Hosts.Select(host => $"wordpress-{host.Region}").Order(), services.Select(service => service.Name));
        Assert.All(services, service => Assert.Equal((1, 1), (service.DesiredCount, service.RunningCount)));
        Assert.Equal(lab.Hosts.Count, Assert.Single(made.OfType<SwarmGeoDns>()).Servers.Count);
        foreach (var site in sites)
        {
            Assert.Equal((200, "ready"), await site.GetAsync("/ready"));
            Assert.Contains("One site, three regions", (await site.GetAsync("/")).Text, StringComparison.Ordinal);
            const string facts = """
                c=$(docker ps -q -f label=com.docker.swarm.service.name=wordpress-REGION)
                docker exec $c printenv WORDPRESS_DB_HOST
                docker exec $c stat -Lc '%a %u %n' /run/secrets/db-password /run/secrets/tls.pem
                """;
            Assert.Equal(
                $"galera-{site.Host.Region} 444 0 /run/secrets/db-password 400 0 /run/secrets/tls.pem",
                string.Join(
                    ' ',
                    (await lab.ExecAsync(site.Host, facts.Replace("REGION", site.Host.Region, StringComparison.Ordinal))).Split(
                        '\n',
                        StringSplitOptions.RemoveEmptyEntries
                    )
                )
            );
        }
    }

    /// <summary>Authors in all regions publish at the same time; every post is in every region.</summary>
    private async Task AssertWritesAtOnceAsync()
    {
        const int each = 10;
        await Task.WhenAll(
            sites.Select(async site =>
            {
                for (var number = 0; number < each; number++)
                    await site.PublishAsync($"At once {site.Host.Region} {number}");
            })
        );
        foreach (var host in lab.Hosts)
            Assert.Equal(each * sites.Count, (await TitlesAsync(host, "At once")).Count);
    }

    /// <summary>A file that is uploaded in one region is served by every other, as it is.</summary>
    private async Task AssertUploadAsync()
    {
        var path = await sites[0].UploadAsync("numbers.txt", string.Join('\n', Enumerable.Range(0, 20_000)));
        var wanted = await sites[0].GetAsync(path);
        Assert.Equal(200, wanted.Status);
        foreach (var site in sites)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            while ((await site.GetAsync(path)).Status == 404 && clock.Elapsed < TimeSpan.FromSeconds(30))
                await Task.Delay(200);
            Assert.Equal(wanted, await site.GetAsync(path));
        }
    }

    /// <summary>A region is cut off while readers read everywhere and authors write in the other regions: no page fails there, and no post is lost.</summary>
    private async Task AssertCutAsync()
    {
        var nodes = session.Nodes(lab);
        session
            .Run(
                "$n | New-SwarmService -Name reader -Mode Global -Image registry.lab:5000/wordpress:6.1 -ArgumentList reader, https://edge.example.org/ -Dns $n.PublicAddress -DnsOption timeout:1 -StopGraceSeconds 1",
                ("n", nodes)
            )
            .ThrowOnError();
        await OnAllAsync($"for try in $(seq 100); do {Reader} [ $(docker logs $c 2>&1 | wc -l) -gt 5 ] && exit 0; sleep 0.3; done; exit 1");

        var others = sites.Where(site => site.Host.Region != Cut).ToList();
        using var stop = new CancellationTokenSource();
        var writers = others.Select(site => WriteAsync(site, stop.Token)).ToList();
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        await lab.OnLabAsync("fault", "cut", Cut);
        await Task.Delay(TimeSpan.FromSeconds(45), TestContext.Current.CancellationToken);
        var written = writers.ConvertAll(writer => writer.IsCompleted);
        await lab.OnLabAsync("fault", "heal");
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        var titles = (await Task.WhenAll(writers)).SelectMany(titles => titles).ToList();

        // A writer that had ended would have proven nothing.
        Assert.DoesNotContain(true, written);
        foreach (var site in others)
        {
            var pages = (await lab.ExecAsync(site.Host, $"{Reader} docker logs $c 2>&1")).Split(
                '\n',
                StringSplitOptions.RemoveEmptyEntries
            );
            var slowest = pages.Max(page => int.Parse(page.Split(' ')[1], CultureInfo.InvariantCulture));
            TestContext.Current.TestOutputHelper?.WriteLine($"{site.Host.Region}: {pages.Length} pages, the slowest in {slowest} ms");
            Assert.DoesNotContain(pages, page => !page.StartsWith("200 ", StringComparison.Ordinal));
            Assert.True(pages.Length > 15, $"The reader in {site.Host.Region} loaded {pages.Length} pages only.");
        }

        // The region's own node joins again, and has what was written without it.
        await EventuallyAsync(
            () =>
                session.Run("$n | Get-GaleraCluster", ("n", nodes)).Objects.OfType<GaleraCluster>().SingleOrDefault()
                    is { Status: GaleraStatus.Healthy },
            TimeSpan.FromMinutes(3)
        );
        TestContext.Current.TestOutputHelper?.WriteLine($"{titles.Count} posts during the cut");
        foreach (var host in lab.Hosts)
            Assert.Empty(titles.Except(await TitlesAsync(host, "Meanwhile")));
    }

    private const string Reader = "c=$(docker ps -q -f label=com.docker.swarm.service.name=reader | head -n 1);";

    /// <summary>Publishes one post after the other until it is told to stop.</summary>
    /// <returns>The titles that the site acknowledged; a post that it refuses fails the test.</returns>
    private static async Task<List<string>> WriteAsync(WordPressSite site, CancellationToken stop)
    {
        var titles = new List<string>();
        while (!stop.IsCancellationRequested)
        {
            var title = $"Meanwhile {site.Host.Region} {titles.Count}";
            await site.PublishAsync(title);
            titles.Add(title);
            await Task.Delay(200, CancellationToken.None);
        }

        return titles;
    }

    /// <summary>The titles of posts that begin with a text, as a region's own database node has them.</summary>
    private async Task<List<string>> TitlesAsync(LabHost host, string start) =>
        [
            .. (
                await GaleraGround.SqlAsync(
                    lab,
                    host,
                    $"SET SESSION wsrep_sync_wait = 1; SELECT post_title FROM wordpress.wp_posts WHERE post_status = 'publish' AND post_title LIKE '{start}%'"
                )
            ).Split('\n', StringSplitOptions.RemoveEmptyEntries),
        ];

    private Task<string[]> OnAllAsync(string script) => GaleraGround.OnAllAsync(lab, script);

    private static async Task EventuallyAsync(Func<bool> isSo, TimeSpan limit)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(clock.Elapsed < limit, $"Not so within {limit.TotalSeconds:0} s.");
            await Task.Delay(1000, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The site as one host serves it: the name is the site's, the address the host's.</summary>
    internal sealed partial class WordPressSite(LabHost host, PSCredential author) : IDisposable
    {
        private readonly HttpClient client = new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                SslOptions =
                {
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=edge.example.org",
                },
                ConnectCallback = async (context, token) =>
                {
                    var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                    await socket.ConnectAsync(host.PublicAddress, context.DnsEndPoint.Port, token);
                    return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = new Uri("https://edge.example.org"),
            Timeout = TimeSpan.FromSeconds(60),
        };

        public LabHost Host => host;

        public void Dispose() => client.Dispose();

        public async Task<(int Status, string Text)> GetAsync(string path)
        {
            using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        public Task PublishAsync(string title) =>
            CallAsync("wp.newPost", $"{Member("post_title", Text(title))}{Member("post_status", Text("publish"))}");

        /// <summary>The path of the file on the site.</summary>
        public async Task<string> UploadAsync(string name, string text)
        {
            var answer = await CallAsync(
                "wp.uploadFile",
                $"{Member("name", Text(name))}{Member("type", Text("text/plain"))}{Member("bits", $"<base64>{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text))}</base64>")}"
            );
            return UploadPath().Match(answer).Groups[1].Value;
        }

        private async Task<string> CallAsync(string method, string content)
        {
            var values = new[]
            {
                "<int>1</int>",
                Text(author.UserName),
                Text(author.GetNetworkCredential().Password),
                $"<struct>{content}</struct>",
            };
            using var body = new StringContent(
                $"<?xml version='1.0'?><methodCall><methodName>{method}</methodName><params>{string.Concat(values.Select(value => $"<param><value>{value}</value></param>"))}</params></methodCall>",
                System.Text.Encoding.UTF8,
                "text/xml"
            );
            using var answer = await client.PostAsync("/xmlrpc.php", body, TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return answer.StatusCode == HttpStatusCode.OK && !text.Contains("<fault>", StringComparison.Ordinal)
                ? text
                : throw new InvalidOperationException($"{method} in {host.Region}: {(int)answer.StatusCode} {text}");
        }

        private static string Text(string value) => $"<string>{WebUtility.HtmlEncode(value)}</string>";

        private static string Member(string name, string value) => $"<member><name>{name}</name><value>{value}</value></member>";

        [GeneratedRegex("<string>https?://edge\\.example\\.org(/wp-content/uploads/[^<]+)</string>")]
        private static partial Regex UploadPath();
    }
}
