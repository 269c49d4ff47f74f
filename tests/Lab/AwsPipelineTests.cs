using System.Text.Json;
using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Lab;

/// <summary>From an account without instances to a swarm, and back: on a lab of its own, whose instances are its hosts.</summary>
public sealed partial class AwsPipelineTests : IAsyncLifetime
{
    private const string Regions = "eu-central-1, us-east-1, us-west-1";

    // As build/labs.ps1 names its labs: what a killed run leaves is found.
    private readonly string name = $"b{Environment.ProcessId}e";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("swarmops-aws-");
    private readonly Session session = new();
    private readonly SortedSet<string> calls = new(StringComparer.Ordinal);
    private string endpoint = "";
    private string admin = "";

    public async ValueTask InitializeAsync()
    {
        await LabFixture.LabAsync("up", "--name", name, "--ec2");
        using var status = await StatusAsync();
        endpoint = status.RootElement.GetProperty("ec2EndpointUrl").GetString()!;
        admin = status.RootElement.GetProperty("adminAddress").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        session.Dispose();
        folder.Delete(recursive: true);
        await LabFixture.LabAsync("down", "--name", name);
    }

    [Fact]
    public async Task One_line_makes_nodes_and_a_swarm_and_another_leaves_the_account_as_it_was()
    {
        var overlay = (SwarmOverlay)
            Run(
                $"New-SwarmRegionNode -Cluster shop -Region {Regions} -AllowSshFrom {admin} @aws -KeyFilePath $key -Verbose | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal"
            )
                .Objects.Single();
        Assert.Equal(3, overlay.NatRepairs.Count(state => state.RuleActive == true && state.RulePersistent == true));
        Assert.Equal(["Leader", "Reachable", "Reachable"], (await ManagersAsync()).Order(StringComparer.Ordinal));

        var first = Run("Get-SwarmRegionNode -Cluster shop @aws -KeyFilePath $key -Verbose").Nodes;
        Assert.All(first, node => Assert.False(string.IsNullOrEmpty(node.HostKeyFingerprint)));
        var again = Run($"New-SwarmRegionNode -Cluster shop -Region {Regions} -AllowSshFrom {admin} @aws -KeyFilePath $key -Verbose").Nodes;
        Assert.Equal(first.Select(node => node.InstanceId).Order(), again.Select(node => node.InstanceId).Order());
        Assert.All(
            Run("Sync-SwarmFirewall -Cluster shop @aws -Verbose").Objects.Cast<SwarmFirewall>(),
            firewall => Assert.True(firewall.InSync)
        );

        await NamesAFirewallThatDiffersAsync(first);
        await RefusesToBreakTheQuorumAsync(first);

        Run(
            "$last | Remove-SwarmRegionNode @aws -Confirm:$false -Verbose",
            ("last", first.OrderBy(node => node.Region, StringComparer.Ordinal).Last())
        );
        Assert.Equal(2, (await ManagersAsync()).Count);

        Run("Remove-SwarmRegionNode -Cluster shop @aws -KeyFilePath $key -WhatIf");
        Assert.Equal(2, (await HostsAsync()).Count);
        Run("Remove-SwarmRegionNode -Cluster shop @aws -KeyFilePath $key -Confirm:$false -Verbose");
        Assert.Equal(["ClusterNotFound"], session.Run("Get-SwarmRegionNode -Cluster shop @aws", Variables()).ErrorIds);
        Assert.Empty(await HostsAsync());

        Assert.Empty(calls.Except(Allowed()));
        TestContext.Current.TestOutputHelper?.WriteLine($"calls: {string.Join(' ', calls)}");
    }

    /// <summary>What another administrator changed in the firewall of EC2 and of a node is in the one list of findings, and the usual commands restore it.</summary>
    private async Task NamesAFirewallThatDiffersAsync(IReadOnlyList<SwarmNode> nodes)
    {
        const string find =
            "$nodes | Get-SwarmFinding -Cluster shop -EndpointUrl $aws.EndpointUrl -SkipPacketTest -Verbose | Where-Object { $_.Area -eq 'Firewall' -or $_.Check -like 'NatRule*' }";
        Run("$StoredAWSCredentials = [pscustomobject]@{ AccessKey = 'test'; SecretKey = 'test' }");
        var group = Run("Sync-SwarmFirewall -Cluster shop @aws -WhatIf")
            .Objects.Cast<SwarmFirewall>()
            .Single(firewall => firewall.Region == nodes[0].Region);
        await ChangeAsync("Authorize", group, "tcp", 2377, "0.0.0.0/0");
        await ChangeAsync("Authorize", group, "tcp", 3306, "192.0.2.77/32");
        await ChangeAsync("Revoke", group, "udp", 4789, $"{nodes[1].PublicAddress}/32");
        await LabFixture.LabAsync("exec", "--name", name, nodes[2].InstanceId!, "--", "nft", "delete", "table", "inet", "swarmops");

        var found = Run(find, ("nodes", nodes)).Objects.Cast<SwarmFinding>().ToList();

        Assert.Equal(
            [
                $"Critical FirewallRuleMissing {group}",
                $"Critical FirewallRuleTooWide {group}",
                $"Critical NatRuleMissing {nodes[2].Name}",
                $"Warning FirewallRuleForeign {group}",
            ],
            found.Select(finding => $"{finding.Severity} {finding.Check} {finding.Subject}").Order(StringComparer.Ordinal)
        );
        Run("Sync-SwarmFirewall -Cluster shop @aws; $nodes | New-EncryptedOverlay -Name internal", ("nodes", nodes));
        Assert.Empty(Run(find, ("nodes", nodes)).Objects);
    }

    /// <summary>Changes a rule by EC2's own API, as the console does; the endpoint takes any signature.</summary>
    private async Task ChangeAsync(string what, SwarmFirewall group, string protocol, int port, string source)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["Action"] = $"{what}SecurityGroupIngress",
                    ["Version"] = "2016-11-15",
                    ["GroupId"] = group.GroupId,
                    ["IpPermissions.1.IpProtocol"] = protocol,
                    ["IpPermissions.1.FromPort"] = $"{port}",
                    ["IpPermissions.1.ToPort"] = $"{port}",
                    ["IpPermissions.1.IpRanges.1.CidrIp"] = source,
                }
            ),
        };
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential=test/20260101/{group.Region}/ec2/aws4_request, SignedHeaders=host, Signature=0"
        );
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>With one of three managers cut off, no other one goes: nothing is changed, under -WhatIf neither.</summary>
    private async Task RefusesToBreakTheQuorumAsync(IReadOnlyList<SwarmNode> nodes)
    {
        var hosts = await HostsAsync();
        await LabFixture.LabAsync("fault", "cut", nodes[0].Region!, "--name", name);
        foreach (var more in new[] { "-WhatIf", "-Confirm:$false" })
        {
            var refused = session.Run(
                $"$last | Remove-SwarmRegionNode @aws -ConnectionTimeoutSeconds 5 {more}",
                [.. Variables(), ("last", nodes[1])]
            );
            Assert.Equal(["QuorumWouldBeLost"], refused.ErrorIds);
        }

        await LabFixture.LabAsync("fault", "heal", "--name", name);
        Assert.Equal(hosts, await HostsAsync());
        for (var tries = 0; await ReachableAsync() != 3; tries++)
        {
            Assert.InRange(tries, 0, 60);
            await Task.Delay(1000, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>How many managers count; none while a healed swarm has no leader yet, which takes it up to 40 s.</summary>
    private async Task<int> ReachableAsync()
    {
        try
        {
            return (await ManagersAsync()).Count(state => state is "Leader" or "Reachable");
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    private Outcome Run(string script, params (string Name, object? Value)[] more)
    {
        var outcome = session.Run(script, [.. Variables(), .. more]).ThrowOnError();
        calls.UnionWith(
            outcome
                .Verbose.Where(line => line.StartsWith("AWS calls in ", StringComparison.Ordinal))
                .SelectMany(line => Action().Matches(line).Select(match => match.Value))
        );
        return outcome;
    }

    private (string Name, object? Value)[] Variables() =>
        [
            (
                "aws",
                new System.Collections.Hashtable
                {
                    ["EndpointUrl"] = endpoint,
                    ["AccessKey"] = "test",
                    ["SecretKey"] = "test",
                }
            ),
            ("key", Path.Combine(folder.FullName, "key")),
        ];

    /// <summary>What a manager's own docker CLI says of the managers.</summary>
    private async Task<IReadOnlyList<string>> ManagersAsync()
    {
        var hosts = await HostsAsync();
        var listing = await LabFixture.LabAsync(
            "exec",
            "--name",
            name,
            hosts[0],
            "--",
            "docker",
            "node",
            "ls",
            "--format",
            "{{.ManagerStatus}}"
        );
        return [.. listing.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }

    private async Task<IReadOnlyList<string>> HostsAsync()
    {
        using var status = await StatusAsync();
        return [.. status.RootElement.GetProperty("hosts").EnumerateArray().Select(host => host.GetProperty("name").GetString()!)];
    }

    private async Task<JsonDocument> StatusAsync() => JsonDocument.Parse(await LabFixture.LabAsync("status", "--name", name, "--json"));

    private static IEnumerable<string> Allowed()
    {
        using var policy = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Repository.Root, "docs", "aws.md")).Split("```json")[1].Split("```")[0]
        );
        return
        [
            .. policy
                .RootElement.GetProperty("Statement")
                .EnumerateArray()
                .SelectMany(statement => statement.GetProperty("Action").EnumerateArray())
                .Select(action => action.GetString()!),
        ];
    }

    [GeneratedRegex("(?:ec2|ssm):[A-Za-z]+")]
    private static partial Regex Action();
}
