using SwarmOps.Pipeline;

namespace SwarmOps.Recovery.Store;

/// <summary>The files in which backups are encrypted before they are stored.</summary>
internal static class BackupTemporary
{
    private const string Prefix = "swarmops-backup-",
        Suffix = ".swarmbackup";

    /// <summary>Makes one.</summary>
    public static Task<TemporaryFile> MakeAsync(Func<Stream, Task> fill) => TemporaryFile.MakeAsync(Prefix, Suffix, fill);

    /// <summary>Removes those of runs that were killed.</summary>
    public static void RemoveLeft() => TemporaryFile.RemoveLeft(Prefix, Suffix);
}
