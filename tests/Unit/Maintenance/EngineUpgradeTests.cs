using SwarmOps.Maintenance.Engines;
using SwarmOps.Nodes.Preflight;

namespace SwarmOps.Tests.Unit.Maintenance;

/// <summary>Which release engines are upgraded to.</summary>
public sealed class EngineUpgradeTests
{
    [Fact]
    public void A_release_is_found_among_the_versions_of_a_package()
    {
        var package = EnginePackage.Parse(
            """
            package docker-ce
            version 5:29.8.0~rc.1-1~debian.12~bookworm
            version 5:28.5.2-1~debian.12~bookworm
            version 5:28.5.1-1~debian.12~bookworm
            version 5:28.5.1-1~debian.12~bookworm
            """
        )!;
        Assert.Equal("docker-ce", package.Name);
        Assert.Equal(3, package.Versions.Count);
        Assert.Equal(Releases("28.5.2", "28.5.1"), package.Releases.OrderDescending());
        Assert.Equal("5:28.5.2-1~debian.12~bookworm", package.Find(Release("28.5.2")));
        Assert.Null(package.Find(Release("28.5.3")));
    }

    [Fact]
    public void Debians_own_package_is_read()
    {
        var package = EnginePackage.Parse("package docker.io\nversion 26.1.5+dfsg1-9+b9\n")!;
        Assert.Equal("26.1.5+dfsg1-9+b9", package.Find(Release("26.1.5")));
        Assert.Null(EnginePackage.Parse("\n"));
    }

    [Theory]
    // The newest that all hosts offer; 29.7.2 loses names after a cut.
    [InlineData("28.5.2", "26.1.5", "29.7.2 28.5.2 28.5.1", "29.7.2 28.5.2", false)]
    // Of hosts with several releases, all come to one.
    [InlineData("28.5.2", "28.5.2 26.1.5", "28.5.2", "28.5.2 26.1.5", false)]
    // Nothing newer is offered.
    [InlineData("28.5.2", "28.5.2 28.5.2", "28.5.2", "28.5.2 28.5.1", false)]
    // What is newer is no better.
    [InlineData("28.5.2", "28.5.2", "29.7.2 28.5.2", "29.7.2 28.5.2", false)]
    // No host offers what the other one runs, or better.
    [InlineData(null, "28.5.2 26.1.5", "28.5.2", "26.1.5", false)]
    // All that is newer has severe defects.
    [InlineData(null, "20.10.24 20.10.23", "20.10.24", "20.10.24", false)]
    // 28.2.2 cannot exchange encrypted packets with 28.5.2.
    [InlineData(null, "28.2.2", "28.5.2", "28.5.2", true)]
    [InlineData("28.5.2", "28.2.2", "28.5.2", "28.5.2", false)]
    public void The_best_release_of_all_hosts_is_chosen(string? expected, string present, string first, string second, bool hasEncrypted)
    {
        var now = Releases(present.Split(' '));
        var chosen = EngineRules.Choose(
            [Releases(first.Split(' ')).ToHashSet(), Releases(second.Split(' ')).ToHashSet()],
            now,
            now,
            hasEncrypted,
            out _
        );
        Assert.Equal(expected, chosen?.ToString());
    }

    [Theory]
    [InlineData("29.0.0", "28.5.2", true)]
    [InlineData("28.5.2", "29.1.0", true)]
    [InlineData("29.1.0", "29.0.0", false)]
    [InlineData("28.5.2", "20.10.24", false)]
    public void Releases_that_cannot_talk_to_each_other_are_known(string target, string present, bool isCut) =>
        Assert.Equal(isCut, EngineRules.Cut(Release(target), [Release(present)]) is not null);

    [Theory]
    [InlineData("28.5")]
    [InlineData("latest")]
    public void What_is_no_release_is_refused(string text) =>
        Assert.Equal("EngineVersionInvalid", Assert.Throws<SwarmOpsException>(() => EngineUpgrade.Parse(text)).ErrorId);

    private static EngineRelease Release(string text) => EngineRelease.TryParse(text)!.Value;

    private static IReadOnlyList<EngineRelease> Releases(params string[] texts) => [.. texts.Select(Release)];
}
