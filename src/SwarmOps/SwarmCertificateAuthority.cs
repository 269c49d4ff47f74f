namespace SwarmOps;

/// <summary>The certificate authority of a swarm, which signs the certificates of its nodes.</summary>
public sealed record SwarmCertificateAuthority
{
    /// <summary>The swarm's id.</summary>
    public string SwarmId { get; init; } = "";

    /// <summary>Subject of its certificate.</summary>
    public string Subject { get; init; } = "";

    /// <summary>SHA-256 fingerprint of its certificate, hexadecimal.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>When its certificate becomes valid, UTC.</summary>
    public DateTime NotBefore { get; init; }

    /// <summary>When its certificate expires, UTC.</summary>
    public DateTime ExpiresAt { get; init; }

    /// <summary>The nodes that have a certificate from it.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];
}
