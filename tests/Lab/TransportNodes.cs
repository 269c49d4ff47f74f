namespace SwarmOps.Tests.Lab;

/// <summary>Nodes as the transport takes them.</summary>
internal static class TransportNodes
{
    /// <summary>The node of a lab host, its key pinned.</summary>
    public static SwarmNode ToNode(this LabHost host, string? user = null, int? port = null) => new()
    {
        Name = host.Name,
        Region = host.Region,
        DockerHost = $"ssh://{user ?? host.User}@{host.PublicAddress}:{port ?? host.SshPort}",
        KeyFilePath = host.KeyFile,
        HostKeyFingerprint = host.HostKeyFingerprint,
    };
}
