using SwarmOps.Services.Stored;

namespace SwarmOps.Tests.Unit.Services;

/// <summary>Old versions of secrets and configs go, but only when asked for: -WhatIf and a rehearsal answer every question with no.</summary>
[Collection(nameof(PipelineLog))]
public sealed class StoredCleaningTests
{
    private const string Services =
        """[{ "ID": "sid", "Spec": { "Name": "web", "TaskTemplate": { "ContainerSpec": { "Configs": [{ "ConfigID": "new" }] } } } }]""";

    private const string Configs =
        """[{ "ID": "old", "Spec": { "Name": "web.conf", "Labels": {} } }, { "ID": "new", "Spec": { "Name": "web.conf-2", "Labels": {} } }]""";

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, false, true)]
    public async Task What_no_service_uses_is_removed_if_the_answer_is_yes(bool asks, bool answer, bool isRemoved)
    {
        await using var stub = new StubSwarm(path =>
            path.Contains("/services", StringComparison.Ordinal) ? Services
            : path.Contains("/configs", StringComparison.Ordinal) ? Configs
            : null
        );
        stub.Context.Consent = answer;
        var swarm = await stub.OpenAsync();
        var items = await StoredItems.ListAsync(swarm.Manager, StoredKind.Config, TestContext.Current.CancellationToken);

        await StoredCleaning.RemoveUnusedAsync(swarm, items, asks);

        Assert.Equal(asks ? ["swarm s1: Remove what no service uses any more: the config 'web.conf'"] : [], stub.Context.Asked);
        Assert.Equal(isRemoved ? ["DELETE configs/old"] : [], stub.Changes);
    }
}
