using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using SwarmOps.Services.Registry;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Lab;

/// <summary>A node that goes silent in the middle of a call, of every kind: the call ends in an error that names node and call, and the other nodes' work goes on.</summary>
public sealed class TransportSilenceTests(LabFixture lab) : IAsyncLifetime
{
    /// <summary>A dead connection is noticed in 20 s, and reading it again takes a connect timeout more; the rest is for a busy machine.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(75);

    private readonly List<NodeConnection> connections = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LabHost Host => lab.Hosts[0];

    public async ValueTask InitializeAsync() => await lab.ResetSshAsync(Host);

    public async ValueTask DisposeAsync()
    {
        await lab.OnLabAsync("fault", "heal");
        await Task.WhenAll(connections.Select(connection => connection.DisposeAsync().AsTask()));
        await lab.ExecAsync(
            Host,
            "for id in $(docker ps -aqf label=silence); do docker rm -f $id; done; systemctl stop swarmops-test-mute; true"
        );
    }

    [Fact]
    public async Task Over_SSH_every_kind_of_call_ends()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("SWARMOPS_OUTAGE") == "all",
            "Takes minutes: runs with SWARMOPS_OUTAGE=all, as in the nightly run."
        );
        await AssertEveryCallEndsAsync(
            Host.ToNode(),
            "docker",
            new Dictionary<string, Func<Task>>
            {
                ["a command"] = async () =>
                    await (await OpenAsync(Host.ToNode())).RunAsync(
                        new NodeCommand("sleep 300") { Timeout = TimeSpan.FromMinutes(5) },
                        Token
                    ),
            }
        );
    }

    [Fact]
    public async Task Over_TLS_every_kind_of_call_ends()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("SWARMOPS_OUTAGE") == "all",
            "Takes minutes: runs with SWARMOPS_OUTAGE=all, as in the nightly run."
        );
        await using var tls = new TransportTlsEngine(lab, Host);
        await tls.MakeCertificatesAsync();
        await tls.StartAsync("server");
        await lab.ExecAsync(Host, $"docker save lab/busybox:latest | docker -H {TransportTlsEngine.Socket} load >/dev/null");
        await AssertEveryCallEndsAsync(tls.Node("client"), $"docker -H {TransportTlsEngine.Socket}", new Dictionary<string, Func<Task>>());
        await lab.OnLabAsync("fault", "heal");
    }

    private async Task AssertEveryCallEndsAsync(SwarmNode node, string docker, Dictionary<string, Func<Task>> further)
    {
        var id = (await lab.ExecAsync(Host, $"{docker} run -d --label silence --network none lab/busybox:latest sleep 600")).Trim();
        // A registry that takes connections and says nothing.
        await lab.ExecAsync(
            Host,
            """
            systemd-run --quiet --unit=swarmops-test-mute perl -e 'use Socket; socket(S, PF_INET, SOCK_STREAM, 0); setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1); bind(S, sockaddr_in(5999, INADDR_ANY)) or die; listen(S, 16); sleep 600'
            timeout 10 sh -c "until ss -Hltn 'sport = :5999' | grep -q .; do sleep 0.2; done"
            """
        );
        var calls = new Dictionary<string, Func<Task>>(further)
        {
            ["GET /info"] = () => GetAfterTheCutAsync(node),
            [$"POST /containers/{id}/wait"] = async () =>
                await (await OpenAsync(node)).AskJsonAsync(api => api.PostAsync($"/containers/{id}/wait", new JsonObject(), Token), Token),
            [$"GET /containers/{id}/logs"] = () => FollowAsync(node, id),
            ["POST /exec/"] = async () => await ContainerExec.RunAsync(await OpenAsync(node), id, ["sleep", "300"], Token),
            ["POST /images/create"] = async () =>
                await new NodeImage(await OpenAsync(node), "127.0.0.1:5999/lab/none:latest", null).PullAsync(_ => { }, Token),
        };
        var ends = new ConcurrentDictionary<string, string>();
        var running = calls.Select(call => Task.Run(() => EndAsync(node, call.Key, call.Value, ends))).ToList();
        await WaitUntilAllAreOpenAsync(calls.Count, Task.WhenAny(running));
        await lab.OnLabAsync("fault", "cut", Host.Region);
        cut.SetResult();
        var others = OthersGoOnAsync(Task.WhenAll(running));
        await Task.WhenAll(running);
        foreach (var (call, end) in ends)
            TestContext.Current.SendDiagnosticMessage($"{call}: {end}");
        Assert.All(ends, end => Assert.StartsWith("ended", end.Value, StringComparison.Ordinal));
        Assert.True(await others > 0);
    }

    private readonly TaskCompletionSource cut = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A request that goes out just after the cut, on a connection from before it.</summary>
    private async Task GetAfterTheCutAsync(SwarmNode node)
    {
        var connection = await OpenAsync(node);
        await connection.AskJsonAsync(api => api.GetAsync("/info", Token), Token);
        Interlocked.Increment(ref open);
        await cut.Task;
        await connection.AskJsonAsync(api => api.GetAsync("/info", Token), Token);
    }

    private async Task FollowAsync(SwarmNode node, string id)
    {
        var connection = await OpenAsync(node);
        await connection.AskJsonAsync(
            async api =>
            {
                using var response = await api.OpenAsync($"/containers/{id}/logs?stdout=true&follow=true", Token);
                await using var stream = await response.Content.ReadAsStreamAsync(Token);
                return await stream.ReadAsync(new byte[1], Token);
            },
            Token
        );
    }

    private int open;

    private async Task<NodeConnection> OpenAsync(SwarmNode node)
    {
        var connection = node.Connect(30);
        lock (connections)
            connections.Add(connection);
        await connection.GetEngineAsync(Token);
        Interlocked.Increment(ref open);
        return connection;
    }

    private async Task WaitUntilAllAreOpenAsync(int count, Task<Task> first)
    {
        // The reader of /info counts twice: once when it is open, once when it has been answered.
        while (Volatile.Read(ref open) < count + 1)
        {
            if (first.IsCompleted)
                await await first;
            await Task.Delay(50, Token);
        }

        // What was asked last is on its way by then.
        await Task.Delay(1000, Token);
    }

    private async Task EndAsync(SwarmNode node, string name, Func<Task> call, ConcurrentDictionary<string, string> ends)
    {
        var work = call();
        if (await Task.WhenAny(work, cut.Task) == work)
        {
            await work;
            throw new InvalidOperationException($"{name} ended before the cut.");
        }

        var clock = Stopwatch.StartNew();
        try
        {
            await work.WaitAsync(Longest, Token);
            ends[name] = "no error";
        }
        catch (SwarmOpsException error)
        {
            var named =
                error.Message.Contains($"'{node.Name}'", StringComparison.Ordinal)
                && error.Message.Contains(name, StringComparison.Ordinal);
            ends[name] =
                $"{(named ? "ended" : "does not say what")} after {clock.Elapsed.TotalSeconds:0.0} s, {error.ErrorId}: {error.Message}";
        }
        catch (TimeoutException)
        {
            ends[name] = $"still running after {clock.Elapsed.TotalSeconds:0} s";
        }
    }

    /// <summary>How often another node was asked while the first was silent.</summary>
    private async Task<int> OthersGoOnAsync(Task until)
    {
        var connection = await OpenAsync(lab.Hosts[1].ToNode());
        var count = 0;
        while (!until.IsCompleted)
        {
            await connection.AskJsonAsync(api => api.GetAsync("/info", Token), Token);
            count++;
            await Task.Delay(200, Token);
        }

        return count;
    }
}
