using System.Text.RegularExpressions;
using SwarmOps.Aws.Provision;

namespace SwarmOps.Tests.Unit;

/// <summary>Remove-SwarmRegionNode -WhatIf is exact: it lists what is removed, and nothing else.</summary>
public sealed partial class AwsWhatIfTests(ProvisionMoto moto) : IClassFixture<ProvisionMoto>, IDisposable
{
    private static readonly string[] Regions = ["eu-central-1", "us-east-1"];

    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_is_named_is_what_goes_and_nothing_else()
    {
        var server = await moto.AddressAsync();
        var facts = new ProvisionFacts(server);
        await new ProvisionRun(server).RunAsync(ProvisionRun.Request(folder, "letter", Regions) with { CountPerRegion = 2 });
        await facts.ForgetHostKeysAsync("letter", Regions);
        var before = await facts.LeftAsync("letter", Regions);
        var addresses = (await Task.WhenAll(Regions.Select(region => facts.AddressesAsync("letter", region))))
            .SelectMany(found => found)
            .ToDictionary(address => address.PublicIp, address => address.AllocationId);

        var plan = await new ProvisionRun(server) { Consent = _ => false }.RemoveAsync("letter", Regions);

        Assert.Equal((0, 0), (plan.Calls, plan.Errors.Count));
        Assert.Equal(before, await facts.LeftAsync("letter", Regions));
        Assert.Equal(4 + 2, plan.Asked.Count);

        var run = await new ProvisionRun(server).RemoveAsync("letter", Regions);

        Assert.Empty(run.Errors);
        Assert.Equal(plan.Asked, run.Asked);
        var named = plan
            .Asked.SelectMany(line => Thing().Matches(line).Select(thing => thing.Value))
            .Select(thing => addresses.GetValueOrDefault(thing, thing))
            .Distinct()
            .Order(StringComparer.Ordinal);
        var gone = run
            .Changes.SelectMany(body => Target().Matches(body).Select(target => target.Groups[1].Value))
            .Distinct()
            .Order(StringComparer.Ordinal);
        Assert.Equal(named, gone);
        Assert.Empty(await facts.LeftAsync("letter", Regions));
    }

    /// <summary>An id, an address or a key pair's name in a sentence.</summary>
    [GeneratedRegex(@"\b(?:i-[0-9a-f]+|sg-[0-9a-f]+|[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)|(?<=key pair )[a-z-]+")]
    private static partial Regex Thing();

    /// <summary>The same among a call's parameters. An association is that of an address that is released in the next call.</summary>
    [GeneratedRegex("(?:^|&)(?:InstanceId\\.[0-9]+|AllocationId|GroupId|KeyName)=([^&]+)")]
    private static partial Regex Target();
}
