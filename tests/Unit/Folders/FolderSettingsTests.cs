using System.Text;
using System.Xml.Linq;
using SwarmOps.Folders;
using SwarmOps.Folders.Formation;

namespace SwarmOps.Tests.Unit.Folders;

/// <summary>What Syncthing is told: only the other copies, and nothing outside.</summary>
public sealed class FolderSettingsTests
{
    private static readonly (FolderPlace, string)[] Devices =
    [
        (new FolderPlace("2", "us-1", "uploads-us-1", null), "ID-US"),
        (new FolderPlace("1", "eu-1", "uploads-eu-1", null), "ID-EU"),
    ];

    private static readonly XElement Settings = XElement.Parse(Encoding.UTF8.GetString(FolderSettings.Write("uploads", Devices)));

    [Fact]
    public void Each_copy_is_a_device_with_its_name_in_the_overlay_as_only_address() =>
        Assert.Equal(
            [("ID-EU", "tcp://uploads-eu-1:22000"), ("ID-US", "tcp://uploads-us-1:22000")],
            Settings.Elements("device").Select(device => ((string)device.Attribute("id")!, (string)device.Element("address")!))
        );

    [Fact]
    public void The_folder_is_shared_with_every_device() =>
        Assert.Equal(["ID-EU", "ID-US"], Settings.Element("folder")!.Elements("device").Select(device => (string)device.Attribute("id")!));

    [Theory]
    [InlineData("globalAnnounceEnabled", "false")]
    [InlineData("localAnnounceEnabled", "false")]
    [InlineData("relaysEnabled", "false")]
    [InlineData("natEnabled", "false")]
    [InlineData("urAccepted", "-1")]
    [InlineData("crashReportingEnabled", "false")]
    [InlineData("autoUpgradeIntervalH", "0")]
    [InlineData("listenAddress", "tcp://0.0.0.0:22000")]
    public void Nothing_outside_is_asked_or_told(string option, string value) =>
        Assert.Equal([value], Settings.Element("options")!.Elements(option).Select(element => element.Value));

    [Fact]
    public void The_interface_is_on_loopback_and_its_key_is_not_in_the_config()
    {
        Assert.Equal("127.0.0.1:8384", (string)Settings.Element("gui")!.Element("address")!);
        Assert.Equal("@API_KEY@", (string)Settings.Element("gui")!.Element("apikey")!);
    }

    [Fact]
    public void All_conflict_files_are_kept() => Assert.Equal("-1", (string)Settings.Element("folder")!.Element("maxConflicts")!);

    [Fact]
    public void The_same_copies_in_another_order_give_the_same_config() =>
        Assert.Equal(FolderSettings.Write("uploads", Devices), FolderSettings.Write("uploads", [.. Devices.Reverse()]));
}
