using System.Diagnostics;
using Docker.DotNet.Models;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>Who answers at an endpoint: an engine, an old one, something else, nobody.</summary>
[Collection(nameof(PipelineLog))]
public sealed class TransportEngineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.41", "/v1.41/version")]
    [InlineData("1.47", "/v1.47/version")]
    [InlineData("1.99", "/v1.54/version")]
    public async Task The_best_common_version_is_spoken(string offered, string path)
    {
        var lines = new List<string>();
        await using var stub = new TransportEngineStub(request =>
        {
            lines.Add(request.Split(' ')[1]);
            return TransportEngineStub.Http("200 OK", $"Api-Version: {offered}\r\n", "{}");
        });
        await using var connection = Connect(stub.Node);
        await connection.AskAsync(engine => engine.System.GetVersionAsync(Token), Token);
        Assert.Equal(["/_ping", path], lines);
    }

    /// <summary>An engine ignores what it does not know, and says that all is done.</summary>
    [Fact]
    public async Task The_flags_that_rotate_tokens_and_keys_have_the_names_that_an_engine_reads()
    {
        var lines = new List<string>();
        await using var stub = new TransportEngineStub(request =>
        {
            lines.Add(request.Split(' ')[1]);
            return TransportEngineStub.Http("200 OK", "Api-Version: 1.41\r\n", "{}");
        });
        await using var connection = Connect(stub.Node);
        var parameters = new SwarmUpdateParameters
        {
            Spec = new Spec(),
            Version = 7,
            RotateWorkerToken = true,
            RotateManagerToken = false,
            RotateManagerUnlockKey = true,
        };
        await connection.TellAsync(engine => engine.Swarm.UpdateSwarmAsync(parameters, Token), Token);
        Assert.Contains("version=7", lines[1], StringComparison.Ordinal);
        Assert.Contains("rotateWorkerToken=", lines[1], StringComparison.Ordinal);
        Assert.Contains("rotateManagerUnlockKey=", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("rotateworkertoken", lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.30")]
    [InlineData("1.40")]
    [InlineData("1.9")]
    public async Task An_old_engine_is_refused(string offered)
    {
        await using var stub = TransportEngineStub.Engine(offered);
        var error = await ErrorAsync(stub.Node);
        Assert.Equal("EngineTooOld", error.ErrorId);
        Assert.Contains(offered, error.Message, StringComparison.Ordinal);
        Assert.Contains("1.41", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nApi-Version: new\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("\0\u0001\u0002 rubbish \r\n\r\n")]
    public async Task What_is_not_an_engine_is_called_so(string answer)
    {
        await using var stub = new TransportEngineStub(_ => answer);
        Assert.Equal("NotAnEngine", (await ErrorAsync(stub.Node)).ErrorId);
    }

    [Fact]
    public async Task A_socket_that_nobody_listens_on_is_an_engine_that_does_not_run()
    {
        Assert.Equal(
            "EngineNotRunning",
            (await ErrorAsync(new SwarmNode { Name = "n", DockerHost = "unix:///nowhere/docker.sock" })).ErrorId
        );
        await using var stub = TransportEngineStub.Engine("1.41");
        var node = stub.Node;
        await stub.DisposeAsync();
        Assert.Equal("EngineNotRunning", (await ErrorAsync(node)).ErrorId);
    }

    [Fact]
    public async Task A_silent_engine_is_given_up_within_the_time_limit()
    {
        await using var stub = new TransportEngineStub(_ =>
        {
            SpinWait.SpinUntil(() => false, 4000);
            return "";
        });
        var clock = Stopwatch.StartNew();
        Assert.Equal("NodeUnreachable", (await ErrorAsync(stub.Node, seconds: 1)).ErrorId);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.9, 2);
    }

    [Fact]
    public async Task A_read_whose_connection_broke_is_repeated_and_a_change_is_not()
    {
        var broken = 2;
        await using var stub = new TransportEngineStub(request =>
            request.Contains("/_ping", StringComparison.Ordinal) || broken-- <= 0
                ? TransportEngineStub.Http("200 OK", "Api-Version: 1.41\r\n", "{\"Version\":\"1\"}")
                : ""
        );
        await using var connection = Connect(stub.Node);
        Assert.Equal("1", (await connection.AskAsync(engine => engine.System.GetVersionAsync(Token), Token)).Version);
        Assert.Equal(4, stub.Requests);

        broken = 1;
        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            connection.TellAsync(engine => engine.Swarm.JoinSwarmAsync(new SwarmJoinParameters { JoinToken = "t" }, Token), Token)
        );
        Assert.Equal("ConnectionLost", error.ErrorId);
        Assert.Equal(5, stub.Requests);
    }

    [Fact]
    public async Task What_the_engine_refuses_carries_its_own_words()
    {
        await using var stub = new TransportEngineStub(request =>
            request.Contains("/_ping", StringComparison.Ordinal)
                ? TransportEngineStub.Http("200 OK", "Api-Version: 1.41\r\n")
                : TransportEngineStub.Http("500 Internal Server Error", "", "{\"message\":\"the engine's words\"}")
        );
        await using var connection = Connect(stub.Node);
        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            connection.AskAsync(engine => engine.System.GetVersionAsync(Token), Token)
        );
        Assert.Equal("EngineRequestFailed", error.ErrorId);
        Assert.Equal("The engine of 'stub' returned HTTP 500: the engine's words", error.Message);
    }

    [Fact]
    public async Task Cancelling_is_not_an_error_of_the_node()
    {
        await using var stub = new TransportEngineStub(_ =>
        {
            SpinWait.SpinUntil(() => false, 3000);
            return "";
        });
        await using var connection = Connect(stub.Node);
        using var cancel = new CancellationTokenSource(300);
        var clock = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.GetEngineAsync(cancel.Token));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"it took {clock.Elapsed}");
    }

    [Fact]
    public async Task A_connection_is_opened_once_for_all_who_wait()
    {
        await using var stub = TransportEngineStub.Engine("1.41");
        await using var connection = Connect(stub.Node);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => connection.GetEngineAsync(Token)));
        Assert.Equal(1, stub.Requests);
    }

    [Fact]
    public async Task Commands_run_on_this_machine()
    {
        await using var connection = Connect(new SwarmNode { Name = "local", DockerHost = "unix:///nowhere/docker.sock" });
        Assert.Equal(
            new CommandResult(3, "in\n", "err\n"),
            await connection.RunAsync(new NodeCommand("cat; echo err >&2; exit 3") { Input = "in\n" }, Token)
        );
        Assert.Equal(0, (await connection.RunAsync(new NodeCommand("exit 0") { Input = new string('x', 1_000_000) }, Token)).ExitCode);
        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            connection.RunCheckedAsync("the test", new NodeCommand("echo first; echo last >&2; exit 9"), Token)
        );
        Assert.Equal("CommandFailed", error.ErrorId);
        Assert.Contains("the test failed with exit code 9: last", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_is_ended()
    {
        await using var connection = Connect(new SwarmNode { Name = "local", DockerHost = "unix:///nowhere/docker.sock" }, seconds: 0.1);
        var error = await Assert.ThrowsAsync<SwarmOpsException>(() =>
            connection.RunAsync(new NodeCommand("sleep 60") { Timeout = TimeSpan.FromSeconds(0.2) }, Token)
        );
        Assert.Equal("CommandTimedOut", error.ErrorId);
    }

    [Fact]
    public async Task There_is_no_way_to_the_host_of_a_tcp_engine()
    {
        await using var connection = Connect(new SwarmNode { Name = "tcp", DockerHost = "tcp://127.0.0.1:1" });
        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => connection.RunAsync(new NodeCommand("true"), Token));
        Assert.Equal("CommandsNotSupported", error.ErrorId);
        Assert.Same(connection.Node, error.Target);
    }

    [Fact]
    public async Task A_stage_shares_its_connections_counts_its_calls_and_closes_them()
    {
        await using var stub = TransportEngineStub.Engine("1.41");
        var activities = new System.Collections.Concurrent.ConcurrentBag<(string Operation, string? Node, string? Path)>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EngineDiagnostics.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
                activities.Add((activity.OperationName, activity.GetTagItem("node") as string, activity.GetTagItem("url.path") as string)),
        };
        ActivitySource.AddActivityListener(listener);
        using var session = new PipelineSession();
        using var shell = session.Create(
            "Get-Engine $node -Verbose | ForEach-Object { Get-Engine $node -Verbose }",
            ("node", stub.Node with { Name = "counted" })
        );
        Assert.Equal("1", Assert.Single(shell.Invoke()).BaseObject);
        // The connection is asked for its version once; each stage asks twice.
        Assert.Equal(5, stub.Requests);
        Assert.Equal(
            [
                "Critical path: 2 round trips",
                "Critical path: 3 round trips",
                "counted: 2 engine calls, 0 commands",
                "counted: 3 engine calls, 0 commands",
            ],
            shell.Streams.Verbose.Select(record => record.Message).Order(StringComparer.Ordinal)
        );
        var ours = activities.Where(activity => activity.Node == "counted").ToList();
        Assert.All(ours, activity => Assert.Equal("engine", activity.Operation));
        Assert.Equal(
            ["/_ping", "/v1.41/version", "/v1.41/version", "/v1.41/version", "/v1.41/version"],
            ours.Select(activity => activity.Path).Order()
        );
    }

    private static NodeConnection Connect(SwarmNode node, double seconds = 15) =>
        NodeConnection.Create(node, new ConnectionOptions(null, TimeSpan.FromSeconds(seconds)));

    private static async Task<SwarmOpsException> ErrorAsync(SwarmNode node, double seconds = 15)
    {
        await using var connection = Connect(node, seconds);
        return await Assert.ThrowsAsync<SwarmOpsException>(() => connection.GetEngineAsync(Token));
    }
}
