namespace SwarmOps.Pipeline;

/// <summary>Errors of the files that a cmdlet keeps on this machine while it runs (docs/errors/services.md).</summary>
internal static class TemporaryFileErrors
{
    public static SwarmOpsException TemporaryFolderFull(string folder, Exception cause) =>
        new(
            ErrorKind.InvalidState,
            $"The disk of {folder} on this machine is full, or your quota there is used up. The incomplete file was deleted.",
            "Free space there, or let TMPDIR (on Windows TEMP) name a folder with more space, then run the same command again.",
            folder,
            cause
        );
}
