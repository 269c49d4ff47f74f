using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services.Images;

namespace SwarmOps.Tests.Unit;

/// <summary>Which images of a node the services of its swarm need.</summary>
public sealed class NeededImagesTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Other = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    [Theory]
    [InlineData("nginx:1.27@" + Digest, "nginx:1.27", "nginx@" + Digest, true)]
    [InlineData("nginx:1.27@" + Digest, "mirror/nginx:1", "mirror/nginx@" + Digest, true)]
    // The tag has moved on: the engine would pull the digest again.
    [InlineData("nginx:1.27@" + Digest, "nginx:1.27", "nginx@" + Other, false)]
    [InlineData("docker.io/library/nginx", "nginx:latest", null, true)]
    [InlineData("nginx", "nginx:1", null, false)]
    [InlineData("registry.lab:5000/app:1", "registry.lab:5000/app:1", null, true)]
    [InlineData("sha256:1234", null, null, true)]
    [InlineData("1234", "some:name", null, true)]
    [InlineData("", null, null, false)]
    public void An_image_is_needed_by_its_digest_name_or_id(string inSpec, string? tag, string? digest, bool isNeeded)
    {
        var image = new EngineImage("sha256:1234", tag is null ? [] : [tag], digest is null ? [] : [digest], default, 0);
        var services = new NeededImages();
        services.AddService(Service(inSpec, "unused:1"));
        var before = new NeededImages();
        before.AddService(Service("unused:1", inSpec));

        Assert.Equal((isNeeded, false), (services.IsCurrent(image), services.IsPrevious(image)));
        Assert.Equal((false, isNeeded), (before.IsCurrent(image), before.IsPrevious(image)));
    }

    [Theory]
    [InlineData("old/*", "old/a:1, old/b:1", "new/a:1")]
    [InlineData("old/a:*", "old/a:1", "old/b:1, new/a:1")]
    [InlineData("*", "old/a:1, old/b:1, new/a:1", "")]
    [InlineData("other/*", null, null)]
    [InlineData("old/a@*", null, null)]
    public void Of_an_image_with_several_names_only_those_that_are_asked_for_are_taken(string filter, string? taken, string? kept)
    {
        var image = new EngineImage("sha256:1234", ["old/a:1", "old/b:1", "new/a:1"], ["old/a@" + Digest], default, 0);

        var part = image.Requested(NameFilters.From([filter])[0].Matches);

        Assert.Equal(taken, part is null ? null : string.Join(", ", part.Tags));
        Assert.Equal(kept, part is null ? null : string.Join(", ", part.OtherTags));
    }

    [Fact]
    public void An_image_is_called_by_its_tag_else_its_repository_else_its_id()
    {
        Assert.Equal("a:1", new EngineImage("sha256:0123456789abcdef", ["a:1", "b:1"], [], default, 0).Name);
        Assert.Equal("a (0123456789ab)", new EngineImage("sha256:0123456789abcdef", [], ["a@" + Digest], default, 0).Name);
        Assert.Equal("0123456789ab", new EngineImage("sha256:0123456789abcdef", [], [], default, 0).Name);
        Assert.Equal(["a:1"], EngineImage.Names(new JsonArray("<none>:<none>", "a:1", "<none>@<none>")));
    }

    private static JsonObject Service(string image, string previous) => new() { ["Spec"] = Spec(image), ["PreviousSpec"] = Spec(previous) };

    private static JsonObject Spec(string image) =>
        new() { ["TaskTemplate"] = new JsonObject { ["ContainerSpec"] = new JsonObject { ["Image"] = image } } };
}
