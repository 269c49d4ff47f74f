using System.Text.RegularExpressions;

namespace SwarmOps.Tests.Unit;

/// <summary>
/// How many calls each cmdlet makes in a region, by name, so that none is added unseen: EC2 limits them for each account and region. docs/aws.md has the same numbers.
/// </summary>
public sealed partial class ProvisionCallsTests(ProvisionMoto moto) : IClassFixture<ProvisionMoto>, IDisposable
{
    private const string First = "eu-central-1";
    private const string Second = "us-east-1";
    private const string Other = "ap-south-1";

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task New_nodes_need_nine_calls_in_a_region_and_five_for_each_and_a_second_run_five(int nodes)
    {
        using var account = await AccountAsync(First, Second, Other);
        var request = ProvisionRun.Request(folder, $"calls-{nodes}", First, Second) with
        {
            CountPerRegion = nodes,
            // All instances are launched before the first look, so that there is one.
            FirstLook = TimeSpan.FromSeconds(4),
        };

        var made = await account.MakeAsync(request);

        Assert.Empty(made.Errors);
        Assert.Equal(2 * nodes, made.Nodes.Count);
        foreach (var region in request.Regions)
        {
            Expect(
                account,
                region,
                // What is there: nothing.
                ("DescribeTags", 1),
                // What new nodes need.
                ("DescribeSubnets", 1),
                ("DescribeInstanceTypes", 1),
                ("DescribeImages", 1),
                ("ImportKeyPair", 1),
                ("CreateSecurityGroup", 1),
                // The only poll.
                ("DescribeInstances", 1),
                ("AuthorizeSecurityGroupIngress", 1),
                ("DescribeSecurityGroups", 1),
                // Each node.
                ("AllocateAddress", nodes),
                ("RunInstances", nodes),
                ("AssociateAddress", nodes),
                ("GetConsoleOutput", nodes),
                ("CreateTags", nodes),
                // Once for the run.
                ("DescribeRegions", region == First ? 1 : 0)
            );
        }

        // The published ports before anything is changed, nodes and groups after the last change.
        Expect(account, Other, ("DescribeInstances", 1), ("DescribeSecurityGroups", 2));

        var again = await account.MakeAsync(request);

        Assert.Empty(again.Errors);
        Assert.Equal(2 * nodes, again.Nodes.Count);
        foreach (var region in request.Regions)
        {
            Expect(
                account,
                region,
                ("DescribeTags", 1),
                ("DescribeInstances", 1),
                ("DescribeSecurityGroups", 1),
                ("DescribeAddresses", 1),
                ("DescribeKeyPairs", 1),
                ("DescribeRegions", region == First ? 1 : 0)
            );
        }

        Expect(account, Other, ("DescribeInstances", 1), ("DescribeSecurityGroups", 1));
    }

    [Fact]
    public async Task A_node_more_needs_no_key_pair_and_no_group_again()
    {
        using var account = await AccountAsync(First);
        var request = ProvisionRun.Request(folder, "calls-more", First) with { PublishPort = [443] };
        await account.MakeAsync(request);

        var more = await account.MakeAsync(request with { CountPerRegion = 2 });

        Assert.Empty(more.Errors);
        Expect(
            account,
            First,
            ("DescribeTags", 1),
            ("DescribeInstances", 2),
            ("DescribeSecurityGroups", 2),
            ("DescribeAddresses", 1),
            ("DescribeKeyPairs", 1),
            ("DescribeSubnets", 1),
            ("DescribeInstanceTypes", 1),
            ("DescribeImages", 1),
            ("AllocateAddress", 1),
            ("RunInstances", 1),
            ("AssociateAddress", 1),
            ("AuthorizeSecurityGroupIngress", 1),
            ("GetConsoleOutput", 1),
            ("CreateTags", 1),
            ("DescribeRegions", 1)
        );
    }

    [Fact]
    public async Task A_region_that_is_removed_needs_eleven_calls_and_one_for_each_node_and_others_one()
    {
        using var account = await AccountAsync(First, Other);
        var facts = new ProvisionFacts(await moto.AddressAsync());
        await account.MakeAsync(ProvisionRun.Request(folder, "calls-gone", First) with { CountPerRegion = 3 });
        await facts.ForgetHostKeysAsync("calls-gone", First);
        // moto keeps the tags of all that was deleted, EC2 only those of terminated instances.
        account.Proxy.Change = (attempt, answer) =>
            attempt.Action == "DescribeTags" && account.Proxy.Attempts.Any(made => made.Action == "DeleteKeyPair")
                ? answer with
                {
                    Body = Deleted().Replace(answer.Body, ""),
                }
                : answer;

        var removed = await account.RemoveAsync("calls-gone");

        Assert.Empty(removed.Errors);
        Assert.Empty(await facts.LeftAsync("calls-gone", First));
        Expect(
            account,
            First,
            // Before and after; what the list names afterwards is read: terminated instances.
            ("DescribeTags", 2),
            ("DescribeInstances", 3),
            ("DescribeSecurityGroups", 1),
            ("DescribeAddresses", 1),
            ("DescribeKeyPairs", 1),
            ("TerminateInstances", 1),
            ("ReleaseAddress", 3),
            ("DeleteSecurityGroup", 1),
            ("DeleteKeyPair", 1),
            ("DescribeRegions", 1)
        );
        Expect(account, Other, ("DescribeTags", 1));

        var again = await account.RemoveAsync("calls-gone");

        Assert.Empty(again.Errors);
        Expect(account, Other, ("DescribeTags", 1));
    }

    [Fact]
    public async Task Nodes_are_read_with_one_call_a_region()
    {
        using var account = await AccountAsync(First, Second, Other);
        await account.MakeAsync(ProvisionRun.Request(folder, "calls-get", First, Second) with { CountPerRegion = 2 });
        using var session = new AwsSession();
        account.Proxy.Attempts.Clear();

        var found = session.RunOn(account.Proxy.Address, "Get-SwarmRegionNode calls-get @aws").ThrowOnError();

        Assert.Equal(4, found.Nodes.Count);
        // Without a default region, us-east-1 is asked for the regions.
        Expect(account, First, ("DescribeInstances", 1));
        Expect(account, Second, ("DescribeInstances", 1), ("DescribeRegions", 1));
        Expect(account, Other, ("DescribeInstances", 1));

        account.Proxy.Attempts.Clear();
        var firewalls = session.RunOn(account.Proxy.Address, "Sync-SwarmFirewall calls-get @aws").ThrowOnError();

        Assert.Equal(2, firewalls.Objects.Count);
        Expect(account, First, ("DescribeInstances", 1), ("DescribeSecurityGroups", 1));
        Expect(account, Other, ("DescribeInstances", 1), ("DescribeSecurityGroups", 1));
    }

    [GeneratedRegex("<item>(?:(?!</item>).)*<resourceId>(?:eipalloc|sg|key|vol|eni)-.*?</item>", RegexOptions.Singleline)]
    private static partial Regex Deleted();

    private async Task<ProvisionAccount> AccountAsync(params IReadOnlyList<string> regions) => new(await moto.AddressAsync(), regions);

    private static void Expect(ProvisionAccount account, string region, params (string Action, int Count)[] calls) =>
        Assert.Equal(Text(calls), Text(account.Calls(region).Select(call => (call.Key, call.Value))));

    private static List<string> Text(IEnumerable<(string Action, int Count)> counts) =>
        [.. counts.Where(call => call.Count > 0).Select(call => $"{call.Action} {call.Count}").Order(StringComparer.Ordinal)];
}
