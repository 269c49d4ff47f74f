namespace SwarmOps.Nodes;

/// <summary>A node as described in an inventory: unchecked text; empty means not specified.</summary>
internal sealed record NodeDescription
{
    public string? Name { get; init; }

    public string? Region { get; init; }

    public string? Zone { get; init; }

    public string? PublicAddress { get; init; }

    public string? PrivateAddress { get; init; }

    public string? AdvertiseAddress { get; init; }

    public string? DockerHost { get; init; }

    public string? User { get; init; }

    public string? Port { get; init; }

    public string? KeyFilePath { get; init; }

    public string? HostKeyFingerprint { get; init; }

    public string? KnownHostsPath { get; init; }

    public string? HostKeyPolicy { get; init; }

    public string? CertificatePath { get; init; }

    public string? InstanceId { get; init; }

    public NodeCredential? Credential { get; init; }

    /// <summary>The same with trimmed texts, and null for empty ones, as spreadsheets produce both.</summary>
    public NodeDescription Trimmed() =>
        this with
        {
            Name = Trim(Name),
            Region = Trim(Region),
            Zone = Trim(Zone),
            PublicAddress = Trim(PublicAddress),
            PrivateAddress = Trim(PrivateAddress),
            AdvertiseAddress = Trim(AdvertiseAddress),
            DockerHost = Trim(DockerHost),
            User = Trim(User),
            Port = Trim(Port),
            KeyFilePath = Trim(KeyFilePath),
            HostKeyFingerprint = Trim(HostKeyFingerprint),
            KnownHostsPath = Trim(KnownHostsPath),
            HostKeyPolicy = Trim(HostKeyPolicy),
            CertificatePath = Trim(CertificatePath),
            InstanceId = Trim(InstanceId),
        };

    private static string? Trim(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
