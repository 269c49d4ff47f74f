namespace SwarmOps.Transport;

/// <summary>Identifies a connection: nodes with equal keys share one.</summary>
internal sealed record ConnectionKey(
    string? DockerHost,
    string? KeyFilePath,
    string? HostKeyFingerprint,
    string? KnownHostsPath,
    HostKeyPolicy Policy,
    string? CertificatePath,
    NodeCredential? Credential
);
