using SwarmOps.Folders;
using SwarmOps.Folders.Formation;

namespace SwarmOps.Tests.Unit.Folders;

/// <summary>Whose files a folder begins with: nobody's are chosen without being asked, and none are overwritten.</summary>
public sealed class FolderSourceTests
{
    private const string Path = "/srv/uploads";

    [Fact]
    public void Without_files_there_is_no_source()
    {
        var source = Decide([], [Host("a"), Host("b")]);
        Assert.Null(source.Source);
        Assert.Empty(source.Aside);
    }

    [Fact]
    public void The_only_node_with_files_is_the_source()
    {
        var full = Host("b", 3, "x");
        var source = Decide([], [Host("a"), full, Host("c")]);
        Assert.Equal(full, source.Source);
        Assert.Empty(source.Aside);
    }

    [Fact]
    public void Equal_files_on_several_nodes_are_no_question()
    {
        HostFolder[] hosts = [Host("a", 3, "x"), Host("b", 3, "x"), Host("c")];
        Assert.Equal(["a", "b"], FolderSource.ToHash([], hosts).Select(place => place.Name));
        Assert.Empty(Decide([], hosts, null, ("a", "h"), ("b", "h")).Aside);
    }

    [Fact]
    public void Files_of_the_same_names_and_sizes_with_other_content_are_refused()
    {
        HostFolder[] hosts = [Host("a", 3, "x"), Host("b", 3, "x")];
        Assert.Equal("FolderContentDiffers", Refusal(() => Decide([], hosts, null, ("a", "h"), ("b", "other"))).ErrorId);
    }

    [Fact]
    public void Different_files_are_refused_and_the_node_with_most_is_proposed()
    {
        var error = Refusal(() => Decide([], [Host("a", 3, "x"), Host("b", 9, "y")]));
        Assert.Equal("FolderContentDiffers", error.ErrorId);
        Assert.Contains("'a' 3 files", error.Message, StringComparison.Ordinal);
        Assert.Contains("-From b", error.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void The_named_node_wins_and_the_others_are_moved_aside()
    {
        var (one, other) = (Host("a", 3, "x"), Host("b", 9, "y"));
        var source = Decide([], [one, other, Host("c")], "A");
        Assert.Equal(one, source.Source);
        Assert.Equal([other], source.Aside);
    }

    [Fact]
    public void An_empty_node_is_no_source_while_others_have_files() =>
        Assert.Equal("FolderSourceEmpty", Refusal(() => Decide([], [Host("a"), Host("b", 9, "y")], "a")).ErrorId);

    [Fact]
    public void An_unknown_name_is_refused() =>
        Assert.Equal("FolderSourceUnknown", Refusal(() => Decide([], [Host("a"), Host("b")], "z")).ErrorId);

    [Fact]
    public void A_joining_node_with_files_of_its_own_is_refused_and_keeps_them_aside_when_told()
    {
        var (kept, joining) = (Host("a", 3, "x"), Host("b", 9, "y"));
        Assert.Equal("FolderContentDiffers", Refusal(() => Decide([kept], [joining])).ErrorId);
        Assert.Equal([joining], Decide([kept], [joining], "a").Aside);
        Assert.Equal("FolderSourceNotKept", Refusal(() => Decide([kept], [joining], "b")).ErrorId);
    }

    [Fact]
    public void Copies_that_exist_are_hashed_only_to_be_compared()
    {
        HostFolder[] kept = [Host("a", 3, "x"), Host("b", 3, "x")];
        Assert.Empty(FolderSource.ToHash(kept, [Host("c")]));
        Assert.Equal(["a", "b", "c"], FolderSource.ToHash(kept, [Host("c", 3, "x")]).Select(place => place.Name));
    }

    [Fact]
    public void The_files_that_differ_are_named()
    {
        var words = FolderDifferences.List([("a", ["1\t./one", "2\t./two"]), ("b", ["1\t./one", "3\t./two", "4\t./four"])], 5);
        Assert.Equal(["four (only on 'b')", "two ('a' 2 bytes, 'b' 3 bytes)"], words);
        Assert.Equal("and 1 more", FolderDifferences.List([("a", ["1\t./one", "2\t./two"]), ("b", [])], 1)[1]);
    }

    private static HostFolder Host(string name, long files = 0, string listing = "") =>
        new()
        {
            Place = new FolderPlace(name, name, name, null),
            Files = files,
            Bytes = files * 100,
            Listing = listing,
            Exists = files > 0,
        };

    private static FolderSource Decide(
        IReadOnlyList<HostFolder> kept,
        IReadOnlyList<HostFolder> joining,
        string? from = null,
        params (string Name, string Hash)[] hashes
    ) =>
        FolderSource.Decide(
            Path,
            kept,
            joining,
            hashes.ToDictionary(hash => new FolderPlace(hash.Name, hash.Name, hash.Name, null), hash => hash.Hash),
            from
        );

    private static SwarmOpsException Refusal(Func<object> action) => Assert.Throws<SwarmOpsException>(action);
}
