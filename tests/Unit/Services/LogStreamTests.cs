using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;
using SwarmOps.Services;

namespace SwarmOps.Tests.Unit.Services;

/// <summary>Logs of any size, and readers of any slowness, in little memory. The engine is a stub that writes as fast as it is read.</summary>
[Collection(nameof(MemoryMeasurement))]
public sealed class LogStreamTests : IDisposable
{
    private const long Megabyte = 1024 * 1024;

    private readonly Runspace runspace;
    private long sent;

    public LogStreamTests()
    {
        var state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Get-SwarmServiceLog", typeof(GetSwarmServiceLogCommand), null));
        runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => runspace.Dispose();

    [Fact]
    public async Task A_reader_that_is_slow_holds_the_engine_up_and_Ctrl_C_still_ends_it()
    {
        await using var stub = Engine((_, output, token) => WriteAsync(output, long.MaxValue, 200, token));
        using var shell = Create(
            "$n | Get-SwarmServiceLog -Name web -Follow | ForEach-Object { [System.Threading.Thread]::Sleep(20); $_ }",
            stub.Node
        );
        using var output = new PSDataCollection<PSObject>();
        shell.BeginInvoke<PSObject, PSObject>(null, output);
        var last = -1L;
        // Until the engine can write no more, which is the proof; or until it has written what nobody can have read.
        while (Volatile.Read(ref sent) is var now && now < 64 * Megabyte && (now != last || now == 0))
        {
            last = now;
            await Task.Delay(1500, Token);
        }

        Assert.InRange(Volatile.Read(ref sent), 1, 16 * Megabyte);
        Assert.NotEmpty(output);
        var clock = Stopwatch.StartNew();
        await Task.Run(shell.Stop, Token);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3), $"it took {clock.Elapsed}");
    }

    [Theory]
    [InlineData("-Follow")]
    [InlineData("")]
    public async Task A_log_of_any_size_takes_little_memory(string follow)
    {
        var size = (Environment.GetEnvironmentVariable("SWARMOPS_OUTAGE") == "all" ? 10_000L : 300L) * Megabyte;
        await using var stub = Engine((_, output, token) => WriteAsync(output, size, 4000, token));
        using var shell = Create(
            $"$n | Get-SwarmServiceLog -Name web {follow} | & {{ begin {{ $count = 0 }} process {{ $count++ }} end {{ $count }} }}",
            stub.Node
        );
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peak = 0L;
        var running = Task.Run(() => shell.Invoke(), Token);
        while (!running.IsCompleted)
        {
            // What is alive, not what has not been collected yet.
            peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
            await Task.Delay(200, Token);
        }

        Assert.Equal(size / 4000, (int)(await running).Single().BaseObject);
        TestContext.Current.SendDiagnosticMessage($"{size / Megabyte} MB {follow}: {peak / Megabyte} MB alive at most");
        Assert.InRange(peak, -100 * Megabyte, 100 * Megabyte);
    }

    [Fact]
    public async Task A_log_that_ends_comes_in_the_order_of_time()
    {
        await using var stub = Engine(
            async (_, output, token) =>
            {
                foreach (var number in new[] { 3, 1, 2, 5, 4 })
                    await output.WriteAsync(Frame(number, 10), token);
            }
        );
        using var shell = Create("$n | Get-SwarmServiceLog -Name web | ForEach-Object { $_.Time.Ticks % 1000 / 10 }", stub.Node);
        var objects = shell.Invoke();
        Assert.True(shell.Streams.Error.Count == 0, string.Join('\n', shell.Streams.Error));
        Assert.Equal([1, 2, 3, 4, 5], objects.Select(item => Convert.ToInt32(item.BaseObject, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_terminal_that_never_ends_its_line_takes_little_memory()
    {
        var text = Encoding.UTF8.GetBytes(new string('x', 64 * 1024));
        await using var stub = Engine(
            async (_, output, token) =>
            {
                for (var written = 0L; written < 200 * Megabyte; written += text.Length)
                    await output.WriteAsync(text, token);
            }
        );
        using var shell = Create(
            "$n | Get-SwarmServiceLog -Name web -Follow | & { begin { $longest = 0 } process { $longest = [Math]::Max($longest, $_.Message.Length) } end { $longest } }",
            stub.Node
        );
        Assert.InRange((int)shell.Invoke().Single().BaseObject, 1, 2 * (int)Megabyte);
    }

    [Fact]
    public async Task A_frame_of_absurd_length_ends_in_an_error_that_names_the_node()
    {
        await using var stub = Engine(
            async (_, output, token) => await output.WriteAsync(new byte[] { 1, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3 }, token)
        );
        using var shell = Create("try { $n | Get-SwarmServiceLog -Name web -Follow } catch { $_ }", stub.Node);
        var error = Assert.IsType<ErrorRecord>(shell.Invoke().Single().BaseObject);
        Assert.StartsWith("EngineStreamInvalid", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("'stub'", error.Exception.Message, StringComparison.Ordinal);
    }

    private static TransportEngineStub Engine(Func<string, Stream, CancellationToken, Task> log) =>
        new(
            request =>
                Path(request) switch
                {
                    var path when path.EndsWith("/_ping", StringComparison.Ordinal) => TransportEngineStub.Http(
                        "200 OK",
                        "Api-Version: 1.41\r\n",
                        "OK"
                    ),
                    var path when path.EndsWith("/info", StringComparison.Ordinal) => Json(
                        """{"Swarm":{"NodeID":"n1","NodeAddr":"203.0.113.1","LocalNodeState":"active","ControlAvailable":true,"Cluster":{"ID":"swarm"}}}"""
                    ),
                    var path when path.EndsWith("/nodes", StringComparison.Ordinal) => Json(
                        """[{"ID":"n1","Spec":{"Role":"manager","Availability":"active"},"Description":{"Hostname":"stub"},"Status":{"State":"ready","Addr":"203.0.113.1"},"ManagerStatus":{"Leader":true,"Reachability":"reachable","Addr":"203.0.113.1:2377"}}]"""
                    ),
                    var path when path.EndsWith("/services/web", StringComparison.Ordinal) => Json(
                        """{"ID":"s1","Version":{"Index":1},"Spec":{"Name":"web","TaskTemplate":{"ContainerSpec":{"Image":"i"}},"Mode":{"Replicated":{"Replicas":1}}}}"""
                    ),
                    var path when path.EndsWith("/logs", StringComparison.Ordinal) =>
                        "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n\r\n",
                    _ => Json("[]"),
                },
            log
        );

    private static string Json(string body) => TransportEngineStub.Http("200 OK", "", body);

    private static string Path(string request) => request.Split(' ')[1].Split('?')[0];

    /// <summary>A line of some length in a frame, as a manager writes it.</summary>
    private static byte[] Frame(long number, int length)
    {
        var text = Encoding.UTF8.GetBytes(
            $"2026-01-01T00:00:00.{number * 10 % 10_000_000:0000000}00Z com.docker.swarm.node.id=n1,com.docker.swarm.task.id=t1 {new string('x', length)}\n"
        );
        var frame = new byte[8 + text.Length];
        frame[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), text.Length);
        text.CopyTo(frame, 8);
        return frame;
    }

    private async Task WriteAsync(Stream output, long size, int length, CancellationToken cancellationToken)
    {
        var frame = Frame(1, length);
        for (var number = 0L; number < size / length; number++)
        {
            await output.WriteAsync(frame, cancellationToken);
            Interlocked.Add(ref sent, frame.Length);
        }
    }

    private PowerShell Create(string script, SwarmNode node)
    {
        runspace.SessionStateProxy.SetVariable("n", node);
        var shell = PowerShell.Create(runspace);
        shell.AddScript(script, useLocalScope: false);
        return shell;
    }
}
