namespace SwarmOps.Folders;

/// <summary>Names, labels and files of a shared folder in the swarm, in its containers and on its hosts.</summary>
internal static class FolderNames
{
    /// <summary>Label of its services, secrets and configs: the folder's name.</summary>
    public const string FolderLabel = "swarmops.folder";

    /// <summary>Label of a service or secret: the id of the node whose copy it belongs to.</summary>
    public const string NodeLabel = "swarmops.folder.node";

    /// <summary>Label of a service and of the settings: the directory on the hosts.</summary>
    public const string PathLabel = "swarmops.folder.path";

    /// <summary>Label of a service: user and group id that own the files.</summary>
    public const string OwnerLabel = "swarmops.folder.owner";

    /// <summary>Label of a secret: the id of the Syncthing device whose key it holds. Secrets cannot be read back.</summary>
    public const string DeviceLabel = "swarmops.folder.device";

    /// <summary>The folder in the container.</summary>
    public const string Target = "/folder";

    /// <summary>The directory for settings, key and index in the container; a volume in Syncthing's image.</summary>
    public const string StateTarget = "/var/syncthing";

    /// <summary>The file with the API key, in that directory: made at each start, it never leaves the container.</summary>
    public const string ApiKey = StateTarget + "/swarmops-api-key";

    /// <summary>The start script and the settings in the container.</summary>
    public const string StartTarget = "/folder-start.sh",
        SettingsTarget = "/folder.xml";

    /// <summary>Name of the identity among the container's secrets.</summary>
    public const string IdentityTarget = "identity";

    /// <summary>Port of Syncthing's protocol.</summary>
    public const int Port = 22000;

    /// <summary>Syncthing stops when this is missing, because then a disk is probably not mounted.</summary>
    public const string Marker = ".stfolder";

    /// <summary>The beginning of the names of test files.</summary>
    public const string Canary = ".swarmops-canary-";

    /// <summary>A path that contains it is a conflict file (docs.syncthing.net, "Understanding Synchronization").</summary>
    public const string ConflictMark = ".sync-conflict-";

    /// <summary>The directory on a host for settings, key and index of a folder's copy.</summary>
    public static string StatePath(string folder) => $"/var/lib/swarmops/folders/{folder}";

    /// <summary>Name of the config with a folder's settings.</summary>
    public static string Settings(string folder) => $"{folder}-syncthing";

    /// <summary>Name of the secret with the identity of a copy.</summary>
    public static string Identity(string service) => $"{service}-identity";
}
