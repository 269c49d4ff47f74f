using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

public sealed class JsonArrayReaderTests
{
    /// <summary>Brackets, commas and quotes within strings end nothing; nor does a character that is split between two reads.</summary>
    private const string Document = """ [ {"a":"]},{\"[é€😀"} , [1,[2]],"x]", -12.5e3 ,true,null,{"n":null} ] """;

    private static readonly int[] Slices = [1, 2, 3, 7, 4096];

    public static TheoryData<int> Sizes => [.. Slices];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task Elements_are_those_of_the_document_wherever_it_is_split(int size)
    {
        var expected = JsonNode.Parse(Document)!.AsArray().OfType<JsonNode>().Select(node => node.ToJsonString());

        Assert.Equal(expected, (await ReadAsync(Document, size)).Select(node => node.ToJsonString()));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData(" [ ]\n")]
    [InlineData("null")]
    public async Task An_empty_list_has_no_elements(string document) => Assert.Empty(await ReadAsync(document, 1));

    [Fact]
    public async Task An_element_may_be_larger_than_the_buffer()
    {
        var large = new string('x', 300_000);

        var read = await ReadAsync($$"""[{"ID":"1"},{"ID":"{{large}}"},{"ID":"3"}]""", 5000);

        Assert.Equal(["1", large, "3"], read.Select(node => (string?)node["ID"]));
    }

    /// <summary>An answer that breaks off is never taken for a short list.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[1,")]
    [InlineData("""[{"ID":"1"}""")]
    [InlineData("""[{"ID":"1"},{"ID":"2""")]
    [InlineData("""{"message":"no"}""")]
    [InlineData("\"text\"")]
    [InlineData("<html>")]
    [InlineData("[1] [2]")]
    public async Task What_is_no_whole_list_is_an_error(string document)
    {
        foreach (var size in Slices)
            await Assert.ThrowsAnyAsync<JsonException>(() => ReadAsync(document, size));
    }

    [Fact]
    public async Task A_stream_that_stays_silent_ends_the_reading()
    {
        using var reader = new JsonArrayReader(new SilentStream(), TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.NextAsync(TestContext.Current.CancellationToken).AsTask());
    }

    private static async Task<List<JsonNode>> ReadAsync(string document, int size)
    {
        using var reader = new JsonArrayReader(new SlicedStream(Encoding.UTF8.GetBytes(document), size), TimeSpan.FromSeconds(30));
        var elements = new List<JsonNode>();
        while (await reader.NextAsync(TestContext.Current.CancellationToken) is { } element)
            elements.Add(element);
        return elements;
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class SlicedStream(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }

    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return 0;
        }
    }
}
