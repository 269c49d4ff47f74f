using System.Collections.Concurrent;
using SwarmOps.Services.Stored;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit.Services;

/// <summary>Old versions of secrets and configs go, but only when asked for: -WhatIf and a rehearsal answer every question with no.</summary>
[Collection(nameof(PipelineLog))]
public sealed class StoredCleaningTests
{
    private const string Manager =
        """{ "Name": "a", "Swarm": { "LocalNodeState": "active", "NodeID": "ida", "NodeAddr": "192.0.2.1", "ControlAvailable": true, "Cluster": { "ID": "s1" } } }""";

    private const string Nodes =
        """[{ "ID": "ida", "Spec": { "Role": "manager", "Availability": "active" }, "Description": { "Hostname": "a" }, "Status": { "State": "ready" }, "ManagerStatus": { "Leader": true, "Reachability": "reachable", "Addr": "192.0.2.1:2377" } }]""";

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
        var deleted = new ConcurrentQueue<string>();
        await using var stub = new TransportEngineStub(request =>
        {
            if (request.StartsWith("DELETE", StringComparison.Ordinal))
                deleted.Enqueue(request.Split(' ')[1]);
            return TransportEngineStub.Http(
                "200 OK",
                "Api-Version: 1.45\r\n",
                request.Contains("/info", StringComparison.Ordinal) ? Manager
                    : request.Contains("/nodes", StringComparison.Ordinal) ? Nodes
                    : request.Contains("/services", StringComparison.Ordinal) ? Services
                    : request.Contains("/configs", StringComparison.Ordinal) ? Configs
                    : "[]"
            );
        });
        var context = new FakeContext
        {
            Connect = node => NodeConnection.Create(node, new ConnectionOptions(null, TimeSpan.FromSeconds(5))),
            Consent = answer,
        };
        var swarm = await SwarmSession.OpenAsync(context, [stub.Node], 1, TimeSpan.Zero);
        var items = await StoredItems.ListAsync(swarm.Manager, StoredKind.Config, TestContext.Current.CancellationToken);

        await StoredCleaning.RemoveUnusedAsync(swarm, items, asks);

        Assert.Equal(asks ? ["swarm s1: Remove what no service uses any more: the config 'web.conf'"] : [], context.Asked);
        Assert.Equal(isRemoved ? ["/configs/old"] : [], deleted.Select(path => path[path.IndexOf("/configs", StringComparison.Ordinal)..]));
    }
}
