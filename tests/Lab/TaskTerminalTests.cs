using System.Text;
using SwarmOps.Pipeline;
using SwarmOps.Services.Tasks;
using SwarmOps.Services.Tasks.Terminal;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Lab;

/// <summary>A terminal in a task, over SSH: what is typed, what is shown, its size, and its end.</summary>
public sealed class TaskTerminalTests(LabFixture lab) : IDisposable
{
    private readonly Session session = new();

    public void Dispose() => session.Dispose();

    [Fact]
    public async Task Keys_go_to_the_task_Ctrl_C_too_and_the_size_follows()
    {
        var nodes = await FormAsync();
        using var terminal = new TypedTerminal { Size = (97, 31) };
        var exitCode = -1;
        var entering = EnterAsync(nodes, terminal, code => exitCode = code);

        await terminal.TypeAsync("echo sum $((6*7))\r", "sum 42");
        await terminal.TypeAsync("sleep 4324\r", "sleep 4324");
        // Ctrl+P is the shell's, not the engine's "detach": nothing holds it back. A program that Ctrl+C interrupts has exit code 130.
        await terminal.TypeAsync("\u0003", "^C");
        await terminal.TypeAsync("echo code $?\r", "code 130");
        await terminal.TypeAsync("stty size\r", "31 97");
        terminal.Size = (120, 40);
        await terminal.TypeAsync("while ! stty size | grep -q '40 120'; do :; done; echo resi''zed\r", "resized");
        await terminal.TypeAsync("tty; echo 'gr\u00fc\u00df' | wc -c\r", "7");
        terminal.Type("exit 5\r");
        await entering.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(5, exitCode);
        Assert.True(terminal.IsDisposed, "the terminal was not restored");
    }

    [Fact]
    public async Task Leaving_ends_the_shell_on_its_host()
    {
        var nodes = await FormAsync();
        using var terminal = new TypedTerminal { Size = (80, 24) };
        var entering = EnterAsync(nodes, terminal, _ => Assert.Fail("it did not end by itself"));
        await terminal.TypeAsync("sleep 4325\r", "sleep 4325");

        terminal.Type("\u001d\u001d");
        await entering.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        var west = lab.Hosts.Single(host => host.Region == "us-west-1");
        Assert.Equal("0", (await lab.ExecAsync(west, "pgrep -fc '^sleep 4325$' || true")).Trim());
        Assert.True(terminal.IsDisposed, "the terminal was not restored");
    }

    private async Task<IReadOnlyList<SwarmNode>> FormAsync()
    {
        var nodes = await ServiceSwarm.FormAsync(lab, session);
        session
            .Run(
                "$null = $n | New-SwarmService -Name web -Image lab/busybox:latest -NoResolveImage -StopGraceSeconds 1 -StableSeconds 0 -Constraint node.labels.region==us-west-1 -ArgumentList sleep, 900",
                ("n", nodes)
            )
            .ThrowOnError();
        return nodes;
    }

    private static Task EnterAsync(IReadOnlyList<SwarmNode> nodes, ITerminal terminal, Action<int> ended) =>
        Task.Run(async () =>
        {
            await using var context = new DirectContext();
            await new EnterTaskOperation(
                context,
                () => terminal,
                new EnterTaskRequest(
                    nodes,
                    new TaskSelection { Services = NameFilters.From(["web"]), Any = true },
                    new ContainerProgram(["sh"]) { HasTerminal = true }
                )
                {
                    ExitAsync = code =>
                    {
                        ended(code);
                        return Task.CompletedTask;
                    },
                }
            ).RunAsync();
            Assert.Empty(context.Problems);
        });

    /// <summary>A terminal that a test types on.</summary>
    private sealed class TypedTerminal : ITerminal
    {
        private readonly object gate = new();
        private readonly Queue<byte> typed = new();
        private readonly StringBuilder shown = new();

        public (int Width, int Height) Size { get; set; }

        public bool IsDisposed { get; private set; }

        public void Type(string keys)
        {
            lock (gate)
            {
                foreach (var key in Encoding.UTF8.GetBytes(keys))
                    typed.Enqueue(key);
            }
        }

        /// <summary>Types, and waits until something is shown.</summary>
        public async Task TypeAsync(string keys, string expected)
        {
            int from;
            lock (gate)
                from = shown.Length;
            Type(keys);
            for (var look = 0; look < 400; look++)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
                lock (gate)
                {
                    if (shown.ToString(from, shown.Length - from).Contains(expected, StringComparison.Ordinal))
                        return;
                }
            }

            Assert.Fail($"'{expected}' was not shown after '{keys}': {shown}");
        }

        public int Read(byte[] buffer, TimeSpan patience)
        {
            Thread.Sleep(20);
            lock (gate)
            {
                var count = Math.Min(buffer.Length, typed.Count);
                for (var index = 0; index < count; index++)
                    buffer[index] = typed.Dequeue();
                return count;
            }
        }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            lock (gate)
                shown.Append(Encoding.UTF8.GetString(bytes));
        }

        public void Dispose() => IsDisposed = true;
    }
}
