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
        var session = await SessionAsync(stub);

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            new ServiceConvergence(session, TimeSpan.FromSeconds(30)) { AfterChange = true }.WaitAsync("once")
        );

        Assert.Equal("ServiceUpdateFailed", error.ErrorId);
        Assert.Contains("non-zero exit (3)", error.Message, StringComparison.Ordinal);
    }

    private const string Ending =
        """{ "ID": "old", "ServiceID": "sid", "Slot": 1, "NodeID": "ida", "DesiredState": "shutdown", "CreatedAt": "2026-01-01T00:00:01Z", "Status": { "State": "running" } }""";

    private const string Waiting =
        """{ "ID": "next", "ServiceID": "sid", "Slot": 1, "DesiredState": "running", "CreatedAt": "2026-01-01T00:00:02Z", "Status": { "State": "pending", "Err": "no suitable node (host-mode port already in use on 1 node)" } }""";

    [Theory]
    [InlineData("ready", null)]
    [InlineData("down", "ServiceNotConverged")]
    public async Task A_task_waits_for_the_port_of_an_old_one_as_long_as_that_takes_to_stop_on_a_node_that_is_up(
        string state,
        string? errorId
    )
    {
        var looks = 0;
        var started = Waiting.Replace("pending", "running", StringComparison.Ordinal).Replace("no suitable", "", StringComparison.Ordinal);
        await using var stub = new TransportEngineStub(request =>
            TransportEngineStub.Http(
                "200 OK",
                "Api-Version: 1.45\r\n",
                request.Contains("/info", StringComparison.Ordinal) ? Manager
                    : request.Contains("/nodes", StringComparison.Ordinal)
                        ? Listed.Replace("\"ready\"", $"\"{state}\"", StringComparison.Ordinal)
                    : request.Contains("/tasks", StringComparison.Ordinal) ? (looks++ < 4 ? $"[{Waiting}, {Ending}]" : $"[{started}]")
                    : request.Contains("/services/", StringComparison.Ordinal) ? Service("completed")
                    : "[]"
            )
        );
        var session = await SessionAsync(stub);

        var wait = new ServiceConvergence(session, TimeSpan.FromSeconds(30))
        {
            AfterChange = true,
            Stable = TimeSpan.Zero,
            PendingPatience = TimeSpan.FromMilliseconds(500),
        }.WaitAsync("once");

        Assert.Equal(errorId, (await Record.ExceptionAsync(() => wait) as SwarmOpsException)?.ErrorId);
    }

    [Theory]
    [InlineData("rollback", "ServiceUpdateFailed")]
    [InlineData("continue", "ServiceNotConverged")]
    public async Task Rejected_tasks_of_an_update_that_the_engine_rolls_back_are_reported_when_it_has(string action, string errorId)
    {
        var looks = 0;
        string Rejected(int number) =>
            $$"""{ "ID": "r{{number}}", "ServiceID": "sid", "Slot": 1, "NodeID": "ida", "DesiredState": "shutdown", "Status": { "State": "rejected", "Err": "No such image" } }""";
        await using var stub = new TransportEngineStub(request =>
            TransportEngineStub.Http(
                "200 OK",
                "Api-Version: 1.45\r\n",
                request.Contains("/info", StringComparison.Ordinal) ? Manager
                    : request.Contains("/nodes", StringComparison.Ordinal) ? Listed
                    : request.Contains("/tasks", StringComparison.Ordinal) ? $"[{Rejected(1)}, {Rejected(2)}]"
                    : request.Contains("/services/", StringComparison.Ordinal)
                        ? Service(
                            looks++ < 3 ? "updating" : "rollback_completed",
                            $$""", "UpdateConfig": { "FailureAction": "{{action}}" }"""
                        )
                    : "[]"
            )
        );

        var error = await Assert.ThrowsAsync<SwarmOpsException>(async () =>
            await new ServiceConvergence(await SessionAsync(stub), TimeSpan.FromSeconds(30)) { AfterChange = true }.WaitAsync("once")
        );

        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains("No such image", error.Message, StringComparison.Ordinal);
    }

    private static async Task<SwarmSession> SessionAsync(TransportEngineStub stub)
    {
        var context = new FakeContext
        {
            Connect = node => NodeConnection.Create(node, new ConnectionOptions(null, TimeSpan.FromSeconds(5))),
        };
        var session = await SwarmSession.OpenAsync(context, [stub.Node], 1, TimeSpan.Zero);
        await session.ReadViewAsync();
        return session;
    }

    private static string Service(string state, string policy = "") =>
        $$"""
            { "ID": "sid", "Version": { "Index": 7 }, "UpdateStatus": { "State": "{{state}}", "Message": "early termination of task back" },
              "Spec": { "Name": "once", "Mode": { "Replicated": { "Replicas": 1 } }, "TaskTemplate": { "RestartPolicy": { "Condition": "on-failure" } }{{policy}} } }
            """;
}
