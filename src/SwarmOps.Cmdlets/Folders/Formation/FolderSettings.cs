using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace SwarmOps.Folders.Formation;

/// <summary>Syncthing's settings for a folder, the same for all of its copies (docs.syncthing.net, "Syncthing Configuration").</summary>
internal static class FolderSettings
{
    /// <summary>A version that all releases since 1.19 read and bring up to date.</summary>
    private const string Version = "35";

    /// <summary>The start script puts the key here.</summary>
    private const string ApiKey = "@API_KEY@";

    /// <summary>How long changes are gathered before they are sent; Syncthing's default is 10 s.</summary>
    private const int WatcherDelaySeconds = 1;

    /// <summary>Finds what the watcher missed, such as changes on a network file system.</summary>
    private const int RescanSeconds = 3600;

    /// <summary>A peer that was cut off is back in the folder after this time.</summary>
    private const int ReconnectSeconds = 5;

    /// <summary>The settings as a file.</summary>
    /// <param name="folder">Name of the folder.</param>
    /// <param name="devices">Its copies, each with the id of its device.</param>
    public static byte[] Write(string folder, IReadOnlyList<(FolderPlace Place, string DeviceId)> devices)
    {
        var ordered = devices.OrderBy(device => device.Place.Service, StringComparer.Ordinal).ToList();
        var document = new XElement(
            "configuration",
            new XAttribute("version", Version),
            Folder(folder, ordered),
            ordered.Select(Device),
            new XElement(
                "gui",
                Attributes(("enabled", "true"), ("tls", "false")),
                new XElement("address", "127.0.0.1:8384"),
                new XElement("apikey", ApiKey)
            ),
            Options()
        );
        return Encoding.UTF8.GetBytes(document + "\n");
    }

    private static XElement Folder(string folder, IEnumerable<(FolderPlace Place, string DeviceId)> devices) =>
        new(
            "folder",
            Attributes(
                ("id", folder),
                ("label", folder),
                ("path", FolderNames.Target),
                ("type", "sendreceive"),
                ("rescanIntervalS", Text(RescanSeconds)),
                ("fsWatcherEnabled", "true"),
                ("fsWatcherDelayS", Text(WatcherDelaySeconds)),
                ("ignorePerms", "false"),
                ("autoNormalize", "true")
            ),
            new XElement("filesystemType", "basic"),
            devices.Select(device => new XElement("device", Attributes(("id", device.DeviceId)))),
            new XElement("minDiskFree", Attributes(("unit", "%")), "1"),
            // All conflict files are kept; Syncthing's default is 10 for each file.
            new XElement("maxConflicts", "-1"),
            new XElement("markerName", FolderNames.Marker)
        );

    private static XElement Device((FolderPlace Place, string DeviceId) device) =>
        new(
            "device",
            Attributes(("id", device.DeviceId), ("name", device.Place.Service), ("compression", "metadata")),
            new XElement("address", string.Create(CultureInfo.InvariantCulture, $"tcp://{device.Place.Service}:{FolderNames.Port}"))
        );

    /// <summary>Only the other copies, at their names in the overlay network: nothing is asked of or told to any server outside.</summary>
    private static XElement Options()
    {
        (string Name, string Value)[] options =
        [
            ("listenAddress", string.Create(CultureInfo.InvariantCulture, $"tcp://0.0.0.0:{FolderNames.Port}")),
            ("globalAnnounceEnabled", "false"),
            ("localAnnounceEnabled", "false"),
            ("announceLANAddresses", "false"),
            ("relaysEnabled", "false"),
            ("natEnabled", "false"),
            ("urAccepted", "-1"),
            ("crashReportingEnabled", "false"),
            ("autoUpgradeIntervalH", "0"),
            ("startBrowser", "false"),
            ("reconnectionIntervalS", Text(ReconnectSeconds)),
        ];
        return new XElement("options", options.Select(option => new XElement(option.Name, option.Value)));
    }

    private static IEnumerable<XAttribute> Attributes(params (string Name, string Value)[] attributes) =>
        attributes.Select(attribute => new XAttribute(attribute.Name, attribute.Value));

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
