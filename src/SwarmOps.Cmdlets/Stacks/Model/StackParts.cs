using SwarmOps.Folders.Formation;
using SwarmOps.Galera.Formation;
using SwarmOps.GeoDns.Formation;
using SwarmOps.Stacks.Yaml;

namespace SwarmOps.Stacks.Model;

/// <summary>What a stack has besides services, by another cmdlet's operation: it is formed with the stack, and neither rolled back nor removed with it.</summary>
/// <param name="Key">The key of its service or volume.</param>
/// <param name="At">Where it is defined.</param>
/// <param name="Network">The key of its network; empty for none.</param>
internal abstract record StackPart(string Key, SourcePosition At, string Network);

/// <summary>A Galera cluster in place of a service. Its network has no name yet.</summary>
internal sealed record StackGalera(string Key, SourcePosition At, string Network, GaleraRequest Cluster) : StackPart(Key, At, Network);

/// <summary>A shared folder in place of a volume. Its network has no name yet.</summary>
internal sealed record StackFolder(string Key, SourcePosition At, string Network, FolderRequest Folder) : StackPart(Key, At, Network);

/// <summary>The name servers that send clients to the nearest healthy region of an edge service, which is the key. The request has no nodes yet.</summary>
internal sealed record StackZone(string Key, SourcePosition At, NewGeoDnsRequest Zone) : StackPart(Key, At, "");
