using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit.Services;

/// <summary>What is told of a service that did not converge, as an engine's answers change from look to look.</summary>
[Collection(nameof(PipelineLog))]
public sealed class ServiceConvergenceTests
{
    private const string Manager =
        """{ "Name": "a", "Swarm": { "LocalNodeState": "active", "NodeID": "ida", "NodeAddr": "192.0.2.1", "ControlAvailable": true, "Cluster": { "ID": "s1" } } }""";

    private const string Listed =
        """[{ "ID": "ida", "Spec": { "Role": "manager", "Availability": "active" }, "Description": { "Hostname": "a" }, "Status": { "State": "ready" }, "ManagerStatus": { "Leader": true, "Reachability": "reachable", "Addr": "192.0.2.1:2377" } }]""";

    private const string Failed =
        """{ "ID": "new", "ServiceID": "sid", "Slot": 1, "NodeID": "ida", "DesiredState": "shutdown", "CreatedAt": "2026-01-01T00:00:02Z", "Status": { "State": "failed", "Err": "task: non-zero exit (3)" } }""";

    private const string Restarted =
        """{ "ID": "restarted", "ServiceID": "sid", "Slot": 1, "NodeID": "ida", "DesiredState": "running", "CreatedAt": "2026-01-01T00:00:02.5Z", "Status": { "State": "starting" } }""";

    private const string Complete =
        """{ "ID": "back", "ServiceID": "sid", "Slot": 1, "NodeID": "ida", "DesiredState": "shutdown", "CreatedAt": "2026-01-01T00:00:03Z", "Status": { "State": "complete" } }""";

    [Fact]
    public async Task A_failed_task_that_the_engine_has_dropped_since_gives_the_reason()
    {
        var looks = 0;
        await using var stub = new TransportEngineStub(request =>
            TransportEngineStub.Http(
                "200 OK",
                "Api-Version: 1.45\r\n",
                request.Contains("/info", StringComparison.Ordinal) ? Manager
                    : request.Contains("/nodes", StringComparison.Ordinal) ? Listed
                    : request.Contains("/tasks", StringComparison.Ordinal) ? (looks < 2 ? $"[{Restarted}, {Failed}]" : $"[{Complete}]")
                    : request.Contains("/services/", StringComparison.Ordinal) ? Service(looks++ == 0 ? "updating" : "rollback_paused")
                    : "[]"
            )
        );
        var context = new FakeContext
        {
            Connect = node => NodeConnection.Create(node, new ConnectionOptions(null, TimeSpan.FromSeconds(5))),
        };
        var session = await SwarmSession.OpenAsync(context, [stub.Node], 1, TimeSpan.Zero);
        await session.ReadViewAsync();

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            new ServiceConvergence(session, TimeSpan.FromSeconds(30)) { AfterChange = true }.WaitAsync("once")
        );

        Assert.Equal("ServiceUpdateFailed", error.ErrorId);
        Assert.Contains("non-zero exit (3)", error.Message, StringComparison.Ordinal);
    }

    private static string Service(string state) =>
        $$"""
            { "ID": "sid", "Version": { "Index": 7 }, "UpdateStatus": { "State": "{{state}}", "Message": "early termination of task back" },
              "Spec": { "Name": "once", "Mode": { "Replicated": { "Replicas": 1 } }, "TaskTemplate": { "RestartPolicy": { "Condition": "on-failure" } } } }
            """;
}
