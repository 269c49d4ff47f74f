using System.Text;
using SwarmOps.Services.Tasks;

namespace SwarmOps.Tests.Unit;

/// <summary>What a command in a task writes, in the pieces in which it arrives.</summary>
public sealed class TaskOutputTests
{
    private static readonly SwarmTask Task = new()
    {
        Name = "web.1",
        Id = "t1",
        Node = "eu",
        Region = "europe",
    };

    private readonly List<SwarmLogEntry> lines = [];

    [Fact]
    public async Task A_whole_output_is_kept_apart_by_stream_without_the_last_line_end()
    {
        var output = new TaskOutput(Task, null);
        var word = "gr\u00fc\u00df\r\n"u8.ToArray();

        await output.TakeAsync(1, "one\n"u8.ToArray());
        await output.TakeAsync(2, "bad\n\n"u8.ToArray());
        // A character may be split over two pieces.
        await output.TakeAsync(1, word.AsMemory(0, 3));
        await output.TakeAsync(1, word.AsMemory(3));
        await output.CompleteAsync(0, "sh");

        Assert.Equal("one\ngr\u00fc\u00df", output.Output);
        Assert.Equal("bad\n", output.ErrorOutput);
    }

    [Fact]
    public async Task Lines_are_passed_on_when_they_are_complete()
    {
        var output = Passing();

        await output.TakeAsync(1, "fir"u8.ToArray());
        Assert.Empty(lines);
        await output.TakeAsync(2, "oops\n"u8.ToArray());
        await output.TakeAsync(1, "st\n\nsecond\r\nlast"u8.ToArray());
        await output.CompleteAsync(0, "sh");

        Assert.Equal(["stderr oops", "stdout first", "stdout ", "stdout second", "stdout last"], lines.Select(Show));
        Assert.All(lines, line => Assert.Equal(("web.1", "t1", "eu", "europe"), (line.Task, line.TaskId, line.Node, line.Region)));
    }

    [Fact]
    public async Task An_endless_line_is_cut()
    {
        var output = Passing();
        for (var piece = 0; piece < 3; piece++)
            await output.TakeAsync(1, new byte[40 * 1024]);

        Assert.Equal(80 * 1024, Assert.Single(lines).Message.Length);
    }

    [Fact]
    public async Task More_than_an_object_holds_is_refused()
    {
        var output = new TaskOutput(Task, null);
        var piece = new byte[1024 * 1024];
        for (var count = 0; count < TaskOutput.MostMegabytes; count++)
            await output.TakeAsync(count % 2 + 1, piece);

        await Assert.ThrowsAsync<OutputLimitException>(() => output.TakeAsync(1, "x"u8.ToArray()).AsTask());
    }

    [Theory]
    [InlineData(127, false)]
    [InlineData(126, true)]
    public async Task A_program_that_does_not_exist_is_an_error_of_its_own(int exitCode, bool asLine)
    {
        var output = asLine ? Passing() : new TaskOutput(Task, null);
        await output.TakeAsync(1, Words("OCI runtime exec failed: exec failed: \"df -h\": executable file not found in $PATH: unknown"));

        var error = await Assert.ThrowsAsync<SwarmOpsException>(() => output.CompleteAsync(exitCode, "df -h"));

        Assert.Equal("TaskProgramNotFound", error.ErrorId);
        Assert.Contains("'df -h'", error.Message, StringComparison.Ordinal);
        Assert.Empty(lines);
    }

    [Fact]
    public async Task The_same_words_of_a_program_that_ran_are_its_output()
    {
        var output = Passing();
        await output.TakeAsync(1, Words("OCI runtime exec failed"));
        await output.TakeAsync(1, Words("sh: foo: not found"));
        await output.CompleteAsync(0, "sh");

        Assert.Equal(["stdout OCI runtime exec failed", "stdout sh: foo: not found"], lines.Select(Show));
    }

    private TaskOutput Passing() =>
        new(
            Task,
            line =>
            {
                lines.Add(line);
                return ValueTask.CompletedTask;
            }
        );

    private static string Show(SwarmLogEntry line) => $"{line.Stream} {line.Message}";

    private static byte[] Words(string text) => Encoding.UTF8.GetBytes(text + "\n");
}
