namespace SwarmOps.Folders.Formation;

/// <summary>The requested shared folder.</summary>
internal sealed record FolderRequest
{
    public required string Name { get; init; }

    /// <summary>Name of the overlay network.</summary>
    public required string Overlay { get; init; }

    /// <summary>The directory on the hosts.</summary>
    public required string Path { get; init; }

    /// <summary>Syncthing's image.</summary>
    public required string Image { get; init; }

    /// <summary>User and group id that own all files; null for those of the existing files.</summary>
    public FolderOwner? Owner { get; init; }

    /// <summary>Name of the node whose files are kept where nodes hold different ones; null for none.</summary>
    public string? From { get; init; }
}
