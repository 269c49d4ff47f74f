using SwarmOps.Folders;
using SwarmOps.Folders.Formation;

namespace SwarmOps.Tests.Unit.Folders;

/// <summary>Which directories a folder can have, and whose files they are.</summary>
public sealed class HostFolderRulesTests
{
    private const string Path = "/srv/uploads";

    [Theory]
    [InlineData("/srv/uploads", true)]
    [InlineData("/srv/wordpress/uploads", true)]
    [InlineData("/srv", false)]
    [InlineData("srv/uploads", false)]
    [InlineData("/srv/../etc", false)]
    [InlineData("/srv/uploads/", false)]
    [InlineData("/etc/nginx", false)]
    [InlineData("/var/lib", false)]
    [InlineData("/var/lib/docker/volumes", false)]
    [InlineData("/var/lib/dockers", true)]
    [InlineData("/srv/a b", false)]
    public void Paths(string path, bool isValid)
    {
        if (isValid)
            FolderRules.CheckPath(path);
        else
            Assert.Equal("FolderPathInvalid", Assert.Throws<SwarmOpsException>(() => FolderRules.CheckPath(path)).ErrorId);
    }

    [Theory]
    [InlineData("uploads", true)]
    [InlineData("Uploads", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("a123456789012345678901234", false)]
    public void Names(string name, bool isValid)
    {
        if (isValid)
            FolderRules.CheckName(name);
        else
            Assert.Equal("FolderNameInvalid", Assert.Throws<SwarmOpsException>(() => FolderRules.CheckName(name)).ErrorId);
    }

    [Theory]
    [InlineData("33:33", "33:33")]
    [InlineData("33", "33:33")]
    [InlineData("0:1000", "0:1000")]
    [InlineData("www-data", null)]
    [InlineData("33:", null)]
    [InlineData("4294967295:0", null)]
    public void Owners(string text, string? owner) => Assert.Equal(owner, FolderOwner.Parse(text)?.ToString());

    [Fact]
    public void The_owner_is_that_of_the_existing_directory_else_that_of_the_image()
    {
        Assert.Equal(
            "33:33",
            HostFolderRules.Owner(Path, null, null, [Host("a"), Host("b") with { Owner = new(33, 33) }], null).ToString()
        );
        Assert.Equal("1000:1000", HostFolderRules.Owner(Path, null, null, [Host("a")], null).ToString());
        Assert.Equal("5:5", HostFolderRules.Owner(Path, new(5, 5), null, [Host("a")], null).ToString());
    }

    [Fact]
    public void Another_owner_of_the_directory_or_of_a_file_is_refused()
    {
        Assert.Equal(
            "FolderOwnerDiffers",
            Refusal(() => HostFolderRules.Owner(Path, new(33, 33), null, [Host("a") with { Owner = new(0, 0) }], null))
        );
        var mixed = Host("a") with
        {
            Owner = new(33, 33),
            Users = new Dictionary<uint, long> { [33] = 9, [0] = 1 },
        };
        Assert.Equal("FolderOwnerDiffers", Refusal(() => HostFolderRules.Owner(Path, null, null, [mixed], mixed)));
    }

    [Fact]
    public void The_copy_must_fit_and_leave_what_Syncthing_needs()
    {
        var source = Host("a") with { Bytes = 50 };
        var host = Host("b") with { TotalBytes = 1000, FreeBytes = 60 };
        HostFolderRules.CheckSpace(Path, host, source, hasThem: false);
        Assert.Equal("FolderDiskTooSmall", Refusal(() => HostFolderRules.CheckSpace(Path, host with { FreeBytes = 59 }, source, false)));
        HostFolderRules.CheckSpace(Path, host with { FreeBytes = 10 }, source, hasThem: true);
        Assert.Equal("FolderDiskTooSmall", Refusal(() => HostFolderRules.CheckSpace(Path, host with { FreeBytes = 9 }, source, true)));
    }

    [Fact]
    public void A_database_a_missing_mount_and_a_read_only_disk_are_refused()
    {
        Assert.Equal(
            "FolderHoldsDatabase",
            Refusal(() => HostFolderRules.CheckDirectory(Path, Host("a") with { Databases = ["ibdata1"] }))
        );
        Assert.Equal("FolderDirectoryUnfit", Refusal(() => HostFolderRules.CheckDirectory(Path, Host("a") with { Fault = "not mounted" })));
        Assert.Equal("FolderDirectoryUnfit", Refusal(() => HostFolderRules.CheckDirectory(Path, Host("a") with { IsReadOnly = true })));
    }

    [Fact]
    public void A_copy_whose_marker_is_gone_is_a_disk_that_is_not_mounted()
    {
        HostFolderRules.CheckKept("uploads", Path, Host("a") with { HasMarker = true });
        Assert.Equal("FolderMarkerMissing", Refusal(() => HostFolderRules.CheckKept("uploads", Path, Host("a"))));
    }

    [Theory]
    [InlineData("/srv/a", true)]
    [InlineData("/srv/a/b/c", true)]
    [InlineData("/srv/a/b", true)]
    [InlineData("/srv/a/bc", false)]
    public void Folders_do_not_contain_each_other(string path, bool isNested)
    {
        (string, string)[] others = [("other", "/srv/a/b"), ("mine", path)];
        if (isNested)
            Assert.Equal("FolderNested", Refusal(() => HostFolderRules.CheckNested("mine", [path, ""], others)));
        else
            HostFolderRules.CheckNested("mine", [path, ""], others);
    }

    private static HostFolder Host(string name) => new() { Place = new FolderPlace(name, name, name, null) };

    private static string Refusal(Action action) => Assert.Throws<SwarmOpsException>(action).ErrorId;
}
