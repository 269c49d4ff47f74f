using SwarmOps.Nodes.Keys;
using SwarmOps.Transport;

namespace SwarmOps.Tests.Unit;

/// <summary>What Update-SwarmNodeKey says before and after it asks a node.</summary>
public sealed class UpdateNodeKeyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("keys").FullName;

    private static IReadOnlyList<SwarmNode> Nodes { get; } =
    [.. new[] { "eu-1", "us-1", "us-2" }.Select(name => new SwarmNode { Name = name, DockerHost = "ssh://root@192.0.2.1" })];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(null, "SshKeyNotFound", "ssh-keygen")]
    [InlineData("no key at all", "SshKeyInvalid", ".pub")]
    public async Task A_new_key_that_cannot_be_used_is_told_once_and_no_node_is_asked(string? content, string id, string advice)
    {
        var path = Path.Combine(folder, "new");
        if (content is not null)
            await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        // It connects to nothing: a node that is asked is another exception.
        var context = new FakeContext();
        var request = new UpdateNodeKeyRequest(Nodes, path, new ConnectionOptions(null, TimeSpan.FromSeconds(1)));

        var error = await Assert.ThrowsAsync<SwarmOpsException>(new UpdateNodeKeyOperation(context, request).RunAsync);

        Assert.Equal(id, error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.RecommendedAction, StringComparison.Ordinal);
        Assert.All(Nodes, node => Assert.DoesNotContain($"'{node.Name}'", error.Message, StringComparison.Ordinal));
        Assert.Empty(context.Errors);
        Assert.Empty(context.Asked);
    }

    [Theory]
    [InlineData(true, true, "contain the old key, as before")]
    [InlineData(true, false, "contain only the new key, as before")]
    [InlineData(false, true, "contain both keys")]
    [InlineData(false, false, "the old one could not be put back")]
    public void What_the_file_has_when_the_new_key_is_not_accepted(bool isRestored, bool hasOld, string words)
    {
        var why = new SwarmOpsException("SshAuthenticationFailed", ErrorKind.Authentication, "The server rejected the key.", "");
        Assert.Contains(words, NodeKeyErrors.NodeKeyNotProven(Nodes[0], why, isRestored, hasOld).Message, StringComparison.Ordinal);
    }
}
