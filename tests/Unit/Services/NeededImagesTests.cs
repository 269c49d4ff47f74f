using System.Text.Json.Nodes;
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
