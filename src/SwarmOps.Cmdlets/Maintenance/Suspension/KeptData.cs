using System.Text.Json.Nodes;
using SwarmOps.Folders;
using SwarmOps.Services.Running;

namespace SwarmOps.Maintenance.Suspension;

/// <summary>What a service keeps on the host of its task, so that a replacement on another host would begin without it.</summary>
internal static class KeptData
{
    /// <summary>Sockets of the host, which hold nothing.</summary>
    private static readonly string[] Runtime = ["/run/", "/var/run/", "/dev/", "/proc/", "/sys/"];

    /// <summary>How the names of file systems begin that are not on a disk of the host (mount(8)); of tmpfs nothing stays anyway.</summary>
    private static readonly string[] Remote = ["nfs", "cifs", "smb", "ceph", "glusterfs", "lustre", "9p", "fuse.", "tmpfs"];

    /// <summary>The volume or directory; null when there is none.</summary>
    /// <param name="service">The service.</param>
    /// <param name="sharedFolders">Directories that are the same on several hosts.</param>
    public static string? Of(ServiceState service, IReadOnlyList<string> sharedFolders) =>
        (service.Template?["ContainerSpec"]?["Mounts"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Where(mount => (bool?)mount["ReadOnly"] is not true)
            .Select(mount => Words(mount, sharedFolders))
            .FirstOrDefault(words => words is not null);

    /// <summary>The directories of shared folders.</summary>
    public static IReadOnlyList<string> SharedFolders(IEnumerable<ServiceState> services) =>
        [.. services.Select(service => service.Labels.GetValueOrDefault(FolderNames.PathLabel)).OfType<string>().Distinct()];

    private static string? Words(JsonObject mount, IReadOnlyList<string> sharedFolders)
    {
        var source = (string?)mount["Source"] ?? "";
        return (string?)mount["Type"] switch
        {
            "volume" when source.Length > 0 && !IsElsewhere(mount) => $"the volume '{source}'",
            "bind" when !IsShared(source, sharedFolders) => $"the directory {source}",
            _ => null,
        };
    }

    /// <summary>A volume of another driver, or of a file system that is not on a disk of the host. With other options the local driver mounts a directory or a disk of the host itself.</summary>
    private static bool IsElsewhere(JsonObject mount) =>
        mount["VolumeOptions"]?["DriverConfig"] is { } driver
        && (
            (string?)driver["Name"] is not (null or "" or "local")
            || Remote.Any(kind => ((string?)driver["Options"]?["type"] ?? "").StartsWith(kind, StringComparison.OrdinalIgnoreCase))
        );

    private static bool IsShared(string path, IReadOnlyList<string> sharedFolders) =>
        Runtime.Any(root => path.StartsWith(root, StringComparison.Ordinal))
        || sharedFolders.Any(folder => path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal));
}
