using Renci.SshNet;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>What bounds the memory that a session's output takes: a log of 10 GB that is read slowly waits on its host.</summary>
public sealed class TransportSessionOutputTests : IDisposable
{
    private const int Piece = 512 * 1024;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly SessionOutput output = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => output.Dispose();

    [Fact]
    public void SSH_NET_lets_the_stream_of_a_command_be_replaced()
    {
        var property = typeof(SshCommand).GetProperty(nameof(SshCommand.OutputStream));

        Assert.NotNull(property?.GetSetMethod(nonPublic: true));
        Assert.True(property.PropertyType.IsAssignableFrom(typeof(SessionOutput)));
    }

    [Fact]
    public async Task A_writer_waits_while_nobody_reads_and_goes_on_when_someone_does()
    {
        var writing = WriteAsync(3);
        await FullAsync();
        Assert.False(writing.IsCompleted);

        var (read, buffer) = (0, new byte[Piece]);
        while (read < 3 * Piece)
            read += output.Read(buffer);

        await writing.WaitAsync(Soon, Token);
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public async Task Who_reads_no_more_holds_nobody_up_and_keeps_nothing()
    {
        var writing = WriteAsync(50);
        await FullAsync();

        output.Abandon();

        await writing.WaitAsync(Soon, Token);
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public async Task The_end_of_the_session_lets_the_writer_go_and_the_reader_have_the_rest()
    {
        var writing = WriteAsync(50);
        await FullAsync();

        output.Dispose();
        await writing.WaitAsync(Soon, Token);

        var (read, buffer) = (0, new byte[Piece]);
        while (output.Read(buffer) is var count and > 0)
            read += count;
        Assert.InRange(read, 2 * Piece, 3 * Piece);
    }

    private Task WriteAsync(int pieces) =>
        Task.Run(
            () =>
            {
                for (var count = 0; count < pieces; count++)
                    output.Write(new byte[Piece], 0, Piece);
            },
            Token
        );

    private async Task FullAsync()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!output.IsFull)
        {
            Assert.True(clock.Elapsed < Soon, "The writer was never held up.");
            await Task.Delay(10, Token);
        }
    }
}
