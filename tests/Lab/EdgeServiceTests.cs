using System.Text.Json.Nodes;

namespace SwarmOps.Tests.Lab;

/// <summary>Services close to their clients.</summary>
public sealed class EdgeServiceTests(LabFixture lab) : IDisposable
{
    private const string Definition = """
        -Image lab/busybox:latest -NoResolveImage -Secret @{ Source = 'pw'; Target = 'private'; Mode = '0400' }, @{ Source = 'page'; Target = 'public'; Mode = '0444' } -Network edge-net -Mount '/srv/edge/data:/data', '/srv/edge/log:/log' -MountMode 0750 -MountOwner 33:33
        -ArgumentList httpd, -f, -p, 80, -h, /run/secrets -HealthCommand 'wget -q -O /dev/null http://127.0.0.1/public' -HealthIntervalSeconds 1 -UpdateMonitorSeconds 1 -RestartDelaySeconds 0 -StopGraceSeconds 1 -StableSeconds 0
        """;

    private readonly Session session = new();

    private static string Parameters => Definition.Replace('\n', ' ');

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Every_node_serves_on_its_own_ports_and_a_bad_change_stops_in_the_first_region()
    {
        var nodes = await FormAsync();
        await Task.WhenAll(lab.Hosts.Select(host => lab.ExecAsync(host, "rm -rf /srv/edge")));

        var plan = session
            .Run($"$n | New-SwarmEdgeService -Name web -PublishHost 8086:80 {Parameters} -WhatIf", ("n", nodes))
            .ThrowOnError();
        Assert.Empty(plan.Objects);
        var first = session.Run($"$n | New-SwarmEdgeService -Name web -PublishHost 8086:80 {Parameters}", ("n", nodes)).ThrowOnError();
        var again = session.Run($"$n | New-SwarmEdgeService -Name web -PublishHost 8086:80 {Parameters}", ("n", nodes)).ThrowOnError();
        var made = first.Objects.Cast<SwarmService>().ToList();

        Assert.Equal(lab.Hosts.Select(host => $"web-{host.Region}").Order(), made.Select(service => service.Name));
        Assert.All(
            made,
            service =>
                Assert.Equal(
                    (SwarmServiceMode.Global, SwarmEndpointMode.Dnsrr, 1, 1, "web"),
                    (service.Mode, service.EndpointMode, service.DesiredCount, service.RunningCount, service.Labels["swarmops.edge"])
                )
        );
        Assert.All(made, service => Assert.Equal($"web-{service.Tasks[0].Region}", service.Name));
        Assert.Equal(made.Select(service => service.UpdatedAt), again.Objects.Cast<SwarmService>().Select(service => service.UpdatedAt));
        Assert.Contains("'edge-net' is not encrypted", Assert.Single(first.Warnings), StringComparison.Ordinal);
        foreach (var host in lab.Hosts)
        {
            var facts = await lab.ExecAsync(
                host,
                $"""
                stat -c '%a %u:%g' /srv/edge/data /srv/edge/log
                c=$(docker ps -q -f name=web-)
                docker exec $c stat -Lc '%a' /run/secrets/private /run/secrets/public
                docker exec $c nslookup tasks.web 127.0.0.11 2>/dev/null | grep -c '^Address.*: 10\.'
                docker run --rm --network host lab/busybox:latest wget -q -O - http://{host.PrivateAddress}:8086/public | wc -c
                """
            );
            Assert.Equal("750 33:33,750 33:33,400,444,3,32", string.Join(',', facts.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        }

        // us-west-1 goes first and refuses: the others are as they were, and it is again.
        var before = await SpecsAsync();
        // On a busy machine more than a second passes until the engine is told that the task has ended: to it the update would have succeeded.
        var bad = Parameters
            .Replace("httpd, -f", "httpd, -x", StringComparison.Ordinal)
            .Replace("-UpdateMonitorSeconds 1", "-UpdateMonitorSeconds 15", StringComparison.Ordinal);
        var refused = session.Run(
            $"$n | New-SwarmEdgeService -Name web -PublishHost 8086:80 {bad} -Region us-west-1, eu-central-1, us-east-1",
            ("n", nodes)
        );
        Assert.Equal("ServiceUpdateFailed", Assert.Single(refused.ErrorIds));
        Assert.Contains("web-us-west-1", refused.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Contains("The regions eu-central-1, us-east-1 were not changed.", refused.Warnings);
        Assert.Equal(before, await SpecsAsync());

        // A good one goes through all of them, one after the other.
        var good = session
            .Run(
                $"$n | New-SwarmEdgeService -Name web -PublishHost 8086:80 {Parameters} -Environment @{{ A = '1' }} -Region us-west-1, eu-central-1, us-east-1 -Verbose",
                ("n", nodes)
            )
            .ThrowOnError();
        Assert.Equal(
            ["web-us-west-1", "web-eu-central-1", "web-us-east-1"],
            good.Objects.Cast<SwarmService>().Select(service => service.Name)
        );
        var updated = good.Objects.Cast<SwarmService>().Select(service => service.UpdatedAt).ToList();
        Assert.Equal(updated.Order(), updated);

        var fewer = session
            .Run(
                $"$n | New-SwarmEdgeService -Name web -PublishHost 8086:80 {Parameters} -Environment @{{ A = '1' }} -Region us-west-1",
                ("n", nodes)
            )
            .ThrowOnError();
        Assert.Single(fewer.Objects);
        Assert.Equal(2, fewer.Warnings.Count(warning => warning.Contains("belongs to none of these regions", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task One_a_region_is_one_task_that_may_move_within_it()
    {
        var nodes = await FormAsync();

        var made = session
            .Run(
                $"$n | New-SwarmEdgeService -Name one -OnePerRegion -Region us-east-1, us-west-1 -PublishHost 8087:80 {Parameters}",
                ("n", nodes)
            )
            .ThrowOnError()
            .Objects.Cast<SwarmService>()
            .ToList();

        Assert.All(
            made,
            service => Assert.Equal((SwarmServiceMode.Replicated, 1, 1), (service.Mode, service.DesiredCount, service.RunningCount))
        );
        Assert.Equal(["us-east-1", "us-west-1"], made.Select(service => service.Tasks[0].Region));
    }

    private async Task<IReadOnlyList<SwarmNode>> FormAsync()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        await ServiceSwarm.ManagerAsync(
            lab,
            "docker network inspect edge-net >/dev/null 2>&1 || docker network create -d overlay edge-net >/dev/null"
        );
        session.Run("$n | New-SwarmSecret -Name pw -Generate; $n | New-SwarmSecret -Name page -Generate", ("n", nodes)).ThrowOnError();
        return nodes;
    }

    private async Task<string> SpecsAsync()
    {
        var listed = JsonNode
            .Parse(await ServiceSwarm.ManagerAsync(lab, "curl -s --unix-socket /var/run/docker.sock http://x/v1.41/services"))!
            .AsArray();
        return string.Join(
            '\n',
            listed
                .Select(service => service!["Spec"]!)
                .OrderBy(spec => (string?)spec["Name"], StringComparer.Ordinal)
                .Select(spec => spec.ToJsonString())
        );
    }
}
