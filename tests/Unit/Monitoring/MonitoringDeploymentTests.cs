using System.Text;
using SwarmOps.Monitoring.Running;
using SwarmOps.Services;
using SwarmOps.Tests.Unit.Services;
using static SwarmOps.Tests.Unit.Monitoring.MonitoringGrounds;

namespace SwarmOps.Tests.Unit.Monitoring;

/// <summary>What is asked before the monitoring is changed.</summary>
[Collection(nameof(PipelineLog))]
public sealed class MonitoringDeploymentTests
{
    [Fact]
    public async Task After_a_no_nothing_that_depends_on_it_is_asked() =>
        Assert.Equal(["swarm s1: Store the configuration of Alertmanager as a secret"], await AskedAsync(isWhatIf: false));

    [Fact]
    public async Task WhatIf_shows_every_secret_config_and_service()
    {
        var asked = await AskedAsync(isWhatIf: true);

        Assert.StartsWith("swarm s1: Store the configuration of Alertmanager", asked[0], StringComparison.Ordinal);
        Assert.StartsWith("swarm s1: Store the configuration of the monitoring 'monitoring'", asked[1], StringComparison.Ordinal);
        Assert.Contains(asked, question => question.Contains("Create the service 'monitoring-prometheus-2'", StringComparison.Ordinal));
        Assert.Equal(asked.Count, asked.Distinct().Count());
    }

    private static async Task<IReadOnlyList<string>> AskedAsync(bool isWhatIf)
    {
        await using var stub = new StubSwarm(_ => null);
        (stub.Context.Consent, stub.Context.IsWhatIf) = (false, isWhatIf);
        var swarm = await stub.OpenAsync();
        var deployment = new MonitoringDeployment(
            stub.Context,
            swarm,
            await MonitoringStore.ReadAsync(swarm),
            new ServiceOptions { ThrottleLimit = 2, Timeout = TimeSpan.FromSeconds(1) }
        )
        {
            AlertmanagerConfig = Encoding.UTF8.GetBytes("route: {}"),
        };

        Assert.Null(await deployment.RunAsync(Make(Request with { Galera = [] })));
        Assert.Empty(stub.Changes);
        return stub.Context.Asked;
    }
}
