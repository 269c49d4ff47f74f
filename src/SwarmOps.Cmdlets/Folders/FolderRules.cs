using System.Text.RegularExpressions;

namespace SwarmOps.Folders;

/// <summary>Validation of a shared folder that needs no node.</summary>
internal static partial class FolderRules
{
    /// <summary>Directories of the system and of the engine, in which no shared folder can be.</summary>
    private static readonly string[] Reserved =
    [
        "/bin",
        "/boot",
        "/dev",
        "/etc",
        "/lib",
        "/proc",
        "/run",
        "/sbin",
        "/sys",
        "/usr",
        "/var/lib/containerd",
        "/var/lib/docker",
        "/var/lib/swarmops",
    ];

    /// <summary>Checks the name, which becomes part of service and DNS names.</summary>
    /// <exception cref="SwarmOpsException"><c>FolderNameInvalid</c>.</exception>
    public static void CheckName(string name)
    {
        if (!NamePattern().IsMatch(name))
            throw FolderErrors.FolderNameInvalid(name);
    }

    /// <summary>Checks the directory on the hosts.</summary>
    /// <exception cref="SwarmOpsException"><c>FolderPathInvalid</c>.</exception>
    public static void CheckPath(string path)
    {
        if (
            !PathPattern().IsMatch(path)
            || path.Split('/').Any(part => part is "." or "..")
            || Reserved.Any(reserved => Touches(path, reserved))
        )
            throw FolderErrors.FolderPathInvalid(path);
    }

    /// <summary>Whether one directory is the other one, or in it.</summary>
    public static bool Touches(string path, string other) =>
        $"{path}/".StartsWith($"{other}/", StringComparison.Ordinal) || $"{other}/".StartsWith($"{path}/", StringComparison.Ordinal);

    [GeneratedRegex("^[a-z]([a-z0-9-]{0,22}[a-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex("^(/[A-Za-z0-9._@-]+){2,}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}
