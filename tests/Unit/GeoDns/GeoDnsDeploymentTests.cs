using SwarmOps.GeoDns.Running;
using SwarmOps.Services;
using SwarmOps.Tests.Unit.Services;

namespace SwarmOps.Tests.Unit.GeoDns;

/// <summary>What is asked before the name servers are changed.</summary>
[Collection(nameof(PipelineLog))]
public sealed class GeoDnsDeploymentTests
{
    private const string Store = "swarm s1: Store the zone 'edge.example.org' with the serial 2026113000";

    [Fact]
    public async Task After_a_no_nothing_that_depends_on_it_is_asked() => Assert.Equal([Store], await AskedAsync(isWhatIf: false));

    [Fact]
    public async Task WhatIf_shows_the_zone_and_every_name_server()
    {
        var asked = await AskedAsync(isWhatIf: true);

        Assert.Equal(Store, asked[0]);
        Assert.Equal(
            ["(name server on eu-1)", "(name server on east-1)", "(name server on west-1)"],
            asked.Skip(1).Select(question => question[question.IndexOf('(', StringComparison.Ordinal)..])
        );
    }

    private static async Task<IReadOnlyList<string>> AskedAsync(bool isWhatIf)
    {
        await using var stub = new StubSwarm(_ => null);
        (stub.Context.Consent, stub.Context.IsWhatIf) = (false, isWhatIf);
        var swarm = await stub.OpenAsync();
        var deployment = new GeoDnsDeployment(
            stub.Context,
            swarm,
            await GeoDnsZones.ReadAsync(swarm),
            new ServiceOptions { ThrottleLimit = 2, Timeout = TimeSpan.FromSeconds(1) }
        )
        {
            Image = "gdnsd",
        };

        Assert.False(await deployment.RunAsync(GeoDnsZone.Definition));
        Assert.Empty(stub.Changes);
        return stub.Context.Asked;
    }
}
