using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>Files that cannot be read and answers that make no sense: an error of that node, whatever they are.</summary>
public sealed class TransportOddInputTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("swarmops-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("a folder")]
    [InlineData("a link to itself")]
    [InlineData("a file whose reading fails")]
    [InlineData("a file without end")]
    [InlineData("a path that is none")]
    public async Task A_known_hosts_file_that_cannot_be_read_is_an_error_of_its_node(string what)
    {
        var path = Path.Combine(folder, "known_hosts");
        switch (what)
        {
            case "a folder":
                Directory.CreateDirectory(path);
                break;
            case "a link to itself":
                File.CreateSymbolicLink(path, path);
                break;
            case "a file whose reading fails":
                path = "/proc/self/mem";
                break;
            case "a file without end":
                path = "/dev/zero";
                break;
            default:
                path = "known\0hosts";
                break;
        }

        var node = new SwarmNode
        {
            Name = "odd",
            DockerHost = "ssh://root@127.0.0.1:1",
            KnownHostsPath = path,
            HostKeyPolicy = HostKeyPolicy.AcceptNew,
            Credential = SomeCredential,
        };
        await using var connection = NodeConnection.Create(node, new ConnectionOptions(node.Credential, TimeSpan.FromSeconds(20)));
        var error = await Assert
            .ThrowsAsync<SwarmOpsException>(() => connection.GetEngineAsync(Token))
            .WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal("KnownHostsUnreadable", error.ErrorId);
        Assert.Contains("'odd'", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            "KnownHostsUnreadable",
            (await Assert.ThrowsAsync<SwarmOpsException>(() => connection.RunAsync(new NodeCommand("true"), Token))).ErrorId
        );
    }

    [Fact]
    public void Rubbish_in_known_hosts_is_no_key_of_anyone()
    {
        var path = Path.Combine(folder, "known_hosts");
        var random = new Random(7);
        var rubbish = new byte[200_000];
        random.NextBytes(rubbish);
        var longLine = new string('x', 1_000_000);
        File.WriteAllBytes(
            path,
            [
                .. rubbish,
                .. Encoding.UTF8.GetBytes(
                    $"\n{longLine}\n|1|{longLine}|x ssh-rsa AAAA\n|1|AAAA|AAAA x y\n@revoked\n@revoked a\n,,!,! ssh-ed25519 AAAA\n"
                ),
            ]
        );
        var file = KnownHostsFile.Read(path);
        Assert.Equal(KnownHostMatch.Unknown, file.Find("203.0.113.1", 22, [1, 2, 3]));
        Assert.Equal(KnownHostMatch.Unknown, file.Find("host", 2222, [1, 2, 3]));
    }

    [Fact]
    public async Task A_header_that_is_none_after_a_good_frame_is_an_error()
    {
        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => ReadAsync([.. Frame(1, 7, "a line\n"), .. "not a frame at all"u8]));
        Assert.Equal("EngineStreamInvalid", error.ErrorId);
    }

    [Fact]
    public async Task A_stream_that_ends_in_a_frame_is_a_broken_connection()
    {
        foreach (var broken in new[] { Frame(1, 100, "too little"), [.. Frame(1, 1, "x"), 1, 0, 0] })
            Assert.Equal("ConnectionLost", (await Assert.ThrowsAsync<SwarmOpsException>(() => ReadAsync(broken))).ErrorId);
    }

    [Fact]
    public async Task A_short_answer_without_frames_is_not_lost()
    {
        Assert.Equal("hi", await ReadAsync("hi"u8.ToArray()));
    }

    [Fact]
    public async Task An_exec_that_says_more_than_anyone_asked_for_is_an_error()
    {
        var frame = Frame(1, 1024 * 1024, new string('x', 1024 * 1024));
        var many = Enumerable.Repeat(frame, 40).SelectMany(bytes => bytes).ToArray();
        Assert.Equal("EngineStreamInvalid", (await Assert.ThrowsAsync<SwarmOpsException>(() => ReadAsync(many))).ErrorId);
    }

    [Theory]
    [InlineData("<html>proxy</html>")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"Swarm\":5}")]
    [InlineData("{\"Swarm\":{\"RemoteManagers\":\"x\"}}")]
    [InlineData("{\"Swarm\":{\"Cluster\":{\"CreatedAt\":\"yesterday\"}}}")]
    [InlineData("{\"Swarm\":{\"NodeID\":")]
    public async Task An_answer_that_makes_no_sense_is_an_error_of_its_node_alone(string body)
    {
        await using var odd = Answering(body);
        await using var good = Answering("{\"Name\":\"good\",\"ServerVersion\":\"28.5.2\",\"Swarm\":{\"LocalNodeState\":\"inactive\"}}");
        var context = new FakeContext
        {
            Connect = node => NodeConnection.Create(node, new ConnectionOptions(null, TimeSpan.FromSeconds(10))),
        };
        var nodes = new[] { odd.Node with { Name = "odd" }, good.Node with { Name = "good" } };

        var seen = await NodeSet.ForEachAsync(
            context,
            nodes,
            2,
            async node => await NodeObservation.TakeAsync(node, context.Connection(node), Token)
        );

        Assert.Equal("EngineAnswerInvalid", Assert.Single(context.Errors).ErrorId);
        Assert.Contains("'odd'", context.Errors[0].Message, StringComparison.Ordinal);
        Assert.Equal("inactive", Assert.Single(seen).LocalState);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"Swarm\":null,\"Name\":\"\\u0000\\u202e\\ud83d\\ude00\",\"Labels\":[\"=\",\"\"]}")]
    public async Task An_answer_that_says_little_or_has_an_odd_name_is_taken_as_it_is(string body)
    {
        await using var stub = Answering(body);
        await using var connection = NodeConnection.Create(stub.Node, new ConnectionOptions(null, TimeSpan.FromSeconds(10)));

        Assert.False((await NodeObservation.TakeAsync(stub.Node, connection, Token)).HoldsSwarmState);
    }

    [Theory]
    [InlineData("{\"Running\":false,\"ExitCode\":0}", null)]
    [InlineData("{\"Running\":true}", "ConnectionLost")]
    [InlineData("{}", "ConnectionLost")]
    public async Task The_output_of_a_program_counts_only_when_the_program_has_ended(string state, string? error)
    {
        await using var stub = new TransportEngineStub(
            request =>
                request.StartsWith("POST", StringComparison.Ordinal) && request.Split('\r')[0].Contains("/start ", StringComparison.Ordinal)
                    ? "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"
                    : TransportEngineStub.Http(
                        "200 OK",
                        "Api-Version: 1.41\r\n",
                        request.StartsWith("POST", StringComparison.Ordinal) ? "{\"Id\":\"e1\"}"
                            : request.Split('\r')[0].Contains("/exec/e1/json", StringComparison.Ordinal) ? state
                            : "{\"Version\":\"1\"}"
                    ),
            async (_, stream, token) => await stream.WriteAsync(Frame(1, 4, "half"), token)
        );
        await using var connection = NodeConnection.Create(stub.Node, new ConnectionOptions(null, TimeSpan.FromSeconds(10)));

        var run = ContainerExec.RunAsync(connection, "c1", ["report"], Token);

        if (error is null)
            Assert.Equal("half", await run);
        else
            Assert.Equal(error, (await Assert.ThrowsAsync<SwarmOpsException>(() => run)).ErrorId);
    }

    [Theory]
    [InlineData(SocketError.ConnectionReset, true)]
    [InlineData(SocketError.TimedOut, false)]
    public void A_read_that_took_all_its_time_is_not_repeated(SocketError code, bool repeated)
    {
        var failure = new HttpRequestException("sending failed", new IOException("the wire", new SocketException((int)code)));

        Assert.Equal(repeated, TransportErrors.IsTransient(failure));
    }

    [Fact]
    public async Task What_nobody_thought_of_is_an_error_of_its_node_and_the_others_go_on()
    {
        var context = new FakeContext();
        var nodes = new[]
        {
            new SwarmNode { Name = "a" },
            new SwarmNode { Name = "b" },
        };

        // It begins the whole stage again, and is no error of a node.
        await Assert.ThrowsAsync<LockTakenException>(() =>
            NodeSet.ForEachAsync<string>(context, nodes, 2, _ => throw new LockTakenException())
        );
        Assert.Empty(context.Errors);
        var done = await NodeSet.ForEachAsync(
            context,
            nodes,
            2,
            node => node.Name == "a" ? throw new InvalidCastException("odd") : Task.FromResult(node.Name)
        );

        Assert.Equal(["b"], done);
        Assert.Equal("NodeFailedUnexpectedly", Assert.Single(context.Errors).ErrorId);
        Assert.Contains("'a'", context.Errors[0].Message, StringComparison.Ordinal);
    }

    /// <summary>An engine that says the same of everything but its version.</summary>
    private static TransportEngineStub Answering(string body) =>
        new(request =>
            TransportEngineStub.Http(
                "200 OK",
                "Api-Version: 1.41\r\n",
                request.Contains("/version", StringComparison.Ordinal) ? "{\"Version\":\"1\",\"ApiVersion\":\"1.41\"}" : body
            )
        );

    private static NodeCredential SomeCredential =>
        new()
        {
            Password = new System.Management.Automation.PSCredential("root", new System.Net.NetworkCredential("", "secret").SecurePassword),
        };

    internal static byte[] Frame(byte stream, int length, string text)
    {
        var header = new byte[8];
        header[0] = stream;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), length);
        return [.. header, .. Encoding.UTF8.GetBytes(text)];
    }

    /// <summary>Reads it as the answer of an exec on a node, so that errors come as a stage sees them.</summary>
    internal static async Task<string> ReadAsync(byte[] bytes)
    {
        await using var stub = TransportEngineStub.Engine("1.41");
        await using var connection = NodeConnection.Create(stub.Node, new ConnectionOptions(null, TimeSpan.FromSeconds(10)));
        return await connection.AskJsonAsync(_ => ContainerExec.ReadAsync(new MemoryStream(bytes), Token), Token);
    }
}
