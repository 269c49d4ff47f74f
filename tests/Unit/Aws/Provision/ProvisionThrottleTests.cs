using System.Collections.Concurrent;
using System.Diagnostics;
using SwarmOps.Aws.Api;
using SwarmOps.Tests.Unit.Stacks;

namespace SwarmOps.Tests.Unit;

/// <summary>An account whose limits are nearly used up by others: every node is made once, and calls that are refused do not become a storm.</summary>
public sealed class ProvisionThrottleTests(ProvisionMoto moto) : IClassFixture<ProvisionMoto>, IDisposable
{
    private const int PerRegion = 5;

    private static readonly string[] Twenty =
    [
        "eu-central-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "eu-north-1",
        "eu-south-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
        "ca-central-1",
        "sa-east-1",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-east-1",
        "af-south-1",
    ];

    private static readonly string[] Regions = [.. Twenty.Take(LongRun.Count(4, Twenty.Length))];

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Nodes_of_many_regions_are_made_once_each_although_EC2_throttles()
    {
        var server = await moto.AddressAsync();
        var limits = new ConcurrentDictionary<(string Region, string Action), Bucket>();
        var refused = new ConcurrentBag<AwsAttempt>();
        using var account = new ProvisionAccount(server, Regions) { Patience = TimeSpan.FromMinutes(3) };
        // Of each action's limit two calls at once and two in a second are left.
        account.Answer = attempt =>
        {
            if (limits.GetOrAdd((attempt.Region, attempt.Action), _ => new Bucket(2)).Take())
                return null;
            refused.Add(attempt);
            return AwsAnswer.Error("RequestLimitExceeded", 503);
        };
        var request = ProvisionRun.Request(folder, "throttled", Regions) with { CountPerRegion = PerRegion };
        var watch = Stopwatch.StartNew();

        var made = await account.MakeAsync(request);

        var attempts = account.Proxy.Attempts.Count;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{made.Nodes.Count} nodes in {watch.Elapsed.TotalSeconds:0} s; {attempts} attempts, {refused.Count} of them refused; {account.Told.Count(told => told.IsWaiting)} pauses after the SDK gave up"
        );
        Assert.Empty(made.Errors);
        Assert.Equal(Regions.Length * PerRegion, made.Nodes.DistinctBy(node => node.InstanceId).Count());
        Assert.NotEmpty(refused);
        // Gentle: most attempts are answered.
        Assert.InRange(refused.Count, 0, attempts / 2);
        account.Answer = _ => null;
        var facts = new ProvisionFacts(server);
        foreach (var region in Regions)
            await facts.CheckRegionAsync("throttled", region, PerRegion);
    }

    [Fact]
    public async Task Throttling_that_never_ends_is_told_while_it_lasts_and_is_an_error_afterwards_and_the_next_run_completes_it()
    {
        var server = await moto.AddressAsync();
        var facts = new ProvisionFacts(server);
        using var account = new ProvisionAccount(server, "eu-central-1", "us-east-1") { Patience = TimeSpan.FromSeconds(8) };
        account.Answer = attempt =>
            attempt is { Region: "us-east-1", Action: "RunInstances" } ? AwsAnswer.Error("RequestLimitExceeded", 503) : null;
        var request = ProvisionRun.Request(folder, "endless", "eu-central-1", "us-east-1");

        var first = await account.MakeAsync(request);

        var error = Assert.Single(first.Errors);
        Assert.Equal(("Ec2Throttled", (object?)"us-east-1"), (error.ErrorId, error.Target));
        Assert.Contains("run the same command again", error.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal("endless-eu-central-1-1", Assert.Single(first.Nodes).Name);
        Assert.Contains(("us-east-1", true), account.Told);
        Assert.DoesNotContain(account.Told, told => told.Region == "eu-central-1");
        Assert.Empty(await facts.InstancesAsync("endless", "us-east-1"));

        account.Answer = _ => null;
        var second = await account.MakeAsync(request);

        Assert.Empty(second.Errors);
        Assert.Equal(2, second.Nodes.Count);
        await facts.CheckRegionAsync("endless", "us-east-1", 1);
    }

    [Fact]
    public async Task A_call_that_is_answered_after_the_SDK_gave_up_takes_its_progress_line_away()
    {
        using var account = new ProvisionAccount(await moto.AddressAsync(), "eu-central-1") { Patience = TimeSpan.FromSeconds(60) };
        var refusals = 6;
        account.Answer = attempt =>
            attempt.Action == "AllocateAddress" && Interlocked.Decrement(ref refusals) >= 0
                ? AwsAnswer.Error("RequestLimitExceeded", 503)
                : null;

        var made = await account.MakeAsync(ProvisionRun.Request(folder, "late", "eu-central-1"));

        Assert.Empty(made.Errors);
        Assert.Equal([("eu-central-1", true), ("eu-central-1", false)], account.Told);
        Assert.Equal(7, account.Calls("eu-central-1")["AllocateAddress"]);
        await new ProvisionFacts(await moto.AddressAsync()).CheckRegionAsync("late", "eu-central-1", 1);
    }

    [Fact]
    public void Calls_stay_within_the_limits_that_EC2_documents()
    {
        var pace = new RequestPace();
        var now = Stopwatch.GetTimestamp();

        var launches = Enumerable.Range(0, 8).Select(_ => pace.Take("RunInstances", now).TotalSeconds).ToList();
        var later = pace.Take("RunInstances", now + 10 * Stopwatch.Frequency);

        // Five at once, then two in a second.
        Assert.Equal([0, 0, 0, 0, 0, 0.5, 1, 1.5], launches);
        Assert.Equal(TimeSpan.Zero, later);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(TimeSpan.Zero, pace.Take("DescribeInstances", now)));
        Assert.Equal(0.05, pace.Take("DescribeInstances", now).TotalSeconds, 3);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(TimeSpan.Zero, pace.Take("AllocateAddress", now)));
        Assert.Equal(0.2, pace.Take("AllocateAddress", now).TotalSeconds, 3);
    }

    [Fact]
    public void Pauses_grow_and_are_never_the_same_for_all()
    {
        var pauses = Enumerable.Range(0, 200).Select(_ => Ec2Patience.Pause(2).TotalSeconds).ToList();

        Assert.All(pauses, pause => Assert.InRange(pause, 5, 10));
        Assert.InRange(pauses.Distinct().Count(), 100, 200);
        Assert.InRange(Ec2Patience.Pause(1).TotalSeconds, 2.5, 5);
        Assert.All(Enumerable.Range(4, 100), refusals => Assert.InRange(Ec2Patience.Pause(refusals).TotalSeconds, 15, 30));
    }

    /// <summary>A limit as EC2 keeps it.</summary>
    /// <param name="refill">How many calls it allows in a second; two at once.</param>
    private sealed class Bucket(double refill)
    {
        private readonly object gate = new();
        private double tokens = 2;
        private long refilled = Stopwatch.GetTimestamp();

        public bool Take()
        {
            lock (gate)
            {
                var now = Stopwatch.GetTimestamp();
                tokens = Math.Min(2, tokens + Stopwatch.GetElapsedTime(refilled, now).TotalSeconds * refill);
                refilled = now;
                if (tokens < 1)
                    return false;
                tokens--;
                return true;
            }
        }
    }
}
