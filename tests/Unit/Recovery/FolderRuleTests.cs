using SwarmOps.Recovery.Replacing;

namespace SwarmOps.Tests.Unit.Recovery;

/// <summary>When the copy of a shared folder may go with its host's disk.</summary>
public sealed class FolderRuleTests
{
    [Fact]
    public void It_may_go_when_another_copy_has_all_files()
    {
        Assert.Null(FolderRule.Obstacle(Folder(Copy("old"), Copy("a", items: 3), Copy("b")), "old", answers: true));
        // A host that has no copy loses none.
        Assert.Null(FolderRule.Obstacle(Folder(Copy("a", items: 3)), "old", answers: true));
    }

    [Fact]
    public void The_only_copy_stays() =>
        Assert.Equal("the shared folder 'uploads' has no other copy", FolderRule.Obstacle(Folder(Copy("old")), "old", answers: false));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Files_that_no_other_copy_has_yet_are_an_obstacle(bool answers) =>
        Assert.Equal(
            "no other copy of the shared folder 'uploads' is known to have all files: 'a' lacks 3 items, 'b' could not be asked (it did not answer)",
            FolderRule.Obstacle(
                Folder(Copy("old"), Copy("a", items: 3), Copy("b", items: null) with { Error = "it did not answer" }),
                "old",
                answers
            )
        );

    [Fact]
    public void A_copy_without_connection_to_a_host_that_answers_may_not_know_what_it_lacks()
    {
        var folder = Folder(Copy("old"), Copy("a", connected: []));

        Assert.Contains("'a' is not connected with 'old'", FolderRule.Obstacle(folder, "old", answers: true), StringComparison.Ordinal);
        // A dead host is connected with nobody: what the others have is all that there is.
        Assert.Null(FolderRule.Obstacle(folder, "old", answers: false));
    }

    private static SwarmSharedFolder Folder(params SwarmSharedFolderCopy[] copies) => new() { Name = "uploads", Copies = copies };

    private static SwarmSharedFolderCopy Copy(string node, long? items = 0, string[]? connected = null) =>
        new()
        {
            Folder = "uploads",
            Node = node,
            ItemsBehind = items,
            BytesBehind = items * 1000,
            ConnectedNodes = connected ?? ["old"],
        };
}
