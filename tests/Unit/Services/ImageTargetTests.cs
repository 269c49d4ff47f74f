using SwarmOps.Services.Images;

namespace SwarmOps.Tests.Unit.Services;

/// <summary>Whether a node has an image that an archive knows by several names.</summary>
public sealed class ImageTargetTests
{
    private static readonly ImageFacts Wanted = new("sha256:new", ["a"], default, 1, false);
    private static readonly ImageFacts Other = new("sha256:old", ["b"], default, 1, false);

    [Fact]
    public void It_has_it_only_by_all_names()
    {
        Assert.True(Wanted.IsSame(Of(Wanted, Wanted).Present));
        Assert.Empty(Of(Wanted, Wanted).Taken);
        Assert.False(Wanted.IsSame(Of(Wanted, null).Present));
        Assert.Empty(Of(Wanted, null).Taken);
        Assert.False(Wanted.IsSame(Of(null, Wanted).Present));
    }

    [Fact]
    public void Names_that_other_images_have_are_told()
    {
        Assert.False(Wanted.IsSame(Of(Wanted, Other).Present));
        Assert.Equal(["app:latest"], Of(Wanted, Other).Taken);
        Assert.Equal(["app:1", "app:latest"], Of(Other, Other).Taken);
    }

    private static ImageTarget Of(ImageFacts? first, ImageFacts? second) =>
        ImageTarget.Of([("app:1", Look(first)), ("app:latest", Look(second))], Wanted);

    private static ImageTarget Look(ImageFacts? present) => new(null!, null!, present);
}
