namespace SwarmOps.Folders.State;

/// <summary>The running container of one copy.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Service">Name of the service.</param>
/// <param name="Id">Id of the container.</param>
internal sealed record FolderContainer(SwarmNode Node, string Service, string Id);
