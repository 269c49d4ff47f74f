using SwarmOps.Nodes.Preflight;

namespace SwarmOps.Tests.Unit;

/// <summary>What engines say of their version, as Docker, Debian, Ubuntu, Mirantis and developers build them.</summary>
public sealed class EngineReleaseTests
{
    [Theory]
    [InlineData("28.5.2", 28, 5, 2, false)]
    [InlineData("20.10.24+dfsg1", 20, 10, 24, false)]
    [InlineData("26.1.5+dfsg1", 26, 1, 5, false)]
    [InlineData("28.5.2+dfsg4", 28, 5, 2, false)]
    [InlineData("23.0.9", 23, 0, 9, false)]
    [InlineData("20.10.21-0ubuntu1~22.04.3", 20, 10, 21, false)]
    [InlineData("18.06.1-ce", 18, 6, 1, false)]
    [InlineData("28.5.2-1~debian.12~bookworm", 28, 5, 2, false)]
    [InlineData("29.0.0-rc.1", 29, 0, 0, true)]
    [InlineData("20.10.0-rc1", 20, 10, 0, true)]
    [InlineData("23.0.0-beta.1", 23, 0, 0, true)]
    [InlineData("29.8.0-dev", 29, 8, 0, true)]
    [InlineData("docker-v29.7.2", 29, 7, 2, false)]
    [InlineData(" v25.0.13 ", 25, 0, 13, false)]
    public void A_version_is_read(string text, int major, int minor, int patch, bool isPreRelease) =>
        Assert.Equal(new EngineRelease(major, minor, patch, isPreRelease), EngineRelease.TryParse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("dev")]
    [InlineData("master")]
    [InlineData("library-import")]
    [InlineData("<unknown>")]
    [InlineData("28")]
    [InlineData("28.5")]
    [InlineData("28.5.x")]
    [InlineData("28.5.2.1")]
    [InlineData("99999.1.1")]
    [InlineData("0.0.0-20250101000000-abcdef123456")]
    [InlineData("podman 5.4.0")]
    public void What_names_no_release_is_unknown(string? text) => Assert.Null(EngineRelease.TryParse(text));

    [Fact]
    public void Releases_are_in_order_and_a_pre_release_comes_before_its_release()
    {
        string[] ordered = ["1.13.1", "20.10.9", "20.10.24", "23.0.3", "28.5.2", "29.0.0-rc.1", "29.0.0", "29.10.0"];
        var releases = ordered.Select(text => EngineRelease.TryParse(text)!.Value).ToList();
        Assert.Equal(releases, releases.AsEnumerable().Reverse().Order());
        Assert.All(
            releases.Zip(releases.Skip(1)),
            pair =>
                Assert.True(
                    pair.First < pair.Second && pair.Second > pair.First && pair.First <= pair.Second && !(pair.First >= pair.Second)
                )
        );
    }
}
