namespace SwarmOps.Folders;

/// <summary>The place of one copy of a folder.</summary>
/// <param name="NodeId">Id of the node in the swarm.</param>
/// <param name="Name">Name of the node.</param>
/// <param name="Service">Name of the service that keeps the copy, which is also its name in the overlay network.</param>
/// <param name="Node">The node, if it is in the node set and answered; otherwise null.</param>
internal sealed record FolderPlace(string NodeId, string Name, string Service, SwarmNode? Node);
