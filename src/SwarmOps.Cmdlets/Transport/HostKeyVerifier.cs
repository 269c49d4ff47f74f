using System.Security.Cryptography;

namespace SwarmOps.Transport;

/// <summary>Verifies a node's SSH host key. SSH.NET trusts any key by default.</summary>
internal sealed class HostKeyVerifier
{
    /// <summary>Key types in OpenSSH's order of preference, each with its signature algorithms.</summary>
    private static readonly string[][] ByType =
    [
        ["ssh-ed25519"],
        ["ecdsa-sha2-nistp256"],
        ["ecdsa-sha2-nistp384"],
        ["ecdsa-sha2-nistp521"],
        ["rsa-sha2-512", "rsa-sha2-256"],
    ];

    private readonly SwarmNode node;
    private readonly EngineEndpoint endpoint;
    private readonly KnownHostsFile? knownHosts;

    private HostKeyVerifier(
        SwarmNode node,
        EngineEndpoint endpoint,
        KnownHostsFile? knownHosts,
        IReadOnlyList<IReadOnlyList<string>> choices
    )
    {
        this.node = node;
        this.endpoint = endpoint;
        this.knownHosts = knownHosts;
        AlgorithmChoices = choices;
    }

    /// <summary>The host key algorithms to offer, one attempt after the other.</summary>
    public IReadOnlyList<IReadOnlyList<string>> AlgorithmChoices { get; }

    /// <summary>Why the last key was rejected; null when none was.</summary>
    public SwarmOpsException? Refusal { get; private set; }

    /// <summary>The verifier of a node: by its pinned fingerprint, else by the known_hosts file.</summary>
    /// <exception cref="SwarmOpsException"><c>KnownHostsUnreadable</c>.</exception>
    public static HostKeyVerifier For(SwarmNode node, EngineEndpoint endpoint)
    {
        if (node.HostKeyFingerprint is { Length: > 0 })
            return new HostKeyVerifier(node, endpoint, null, [ByType[0], [.. ByType[1], .. ByType[2], .. ByType[3]], ByType[4]]);
        var file = ReadKnownHosts(node);
        return new HostKeyVerifier(node, endpoint, file, [Order(file.KeyTypes(endpoint.Host, endpoint.Port))]);
    }

    /// <summary>The fingerprint of a key in OpenSSH's form.</summary>
    public static string Fingerprint(byte[] hostKey) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(hostKey)).TrimEnd('=');

    /// <summary>Verifies a key; the reason of a rejection is in <see cref="Refusal"/>.</summary>
    public bool IsTrusted(string algorithm, byte[] hostKey)
    {
        var shown = Fingerprint(hostKey);
        Refusal = knownHosts is null ? JudgePinned(shown) : JudgeKnown(knownHosts, KeyType(algorithm), hostKey, shown);
        return Refusal is null;
    }

    private static KnownHostsFile ReadKnownHosts(SwarmNode node)
    {
        try
        {
            return KnownHostsFile.Read(node.KnownHostsPath);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw TransportErrors.KnownHostsUnreadable(
                node,
                node.KnownHostsPath is { Length: > 0 } path ? path : "~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts",
                exception.Message
            );
        }
    }

    /// <summary>The types that are known for the host first, then the others, as OpenSSH's <c>order_hostkeyalgs</c> does (sshconnect2.c).</summary>
    private static string[] Order(IReadOnlySet<string> known) =>
        [.. ByType.OrderByDescending(type => known.Contains(KeyType(type[0]))).SelectMany(type => type)];

    private SwarmOpsException? JudgePinned(string shown) =>
        string.Equals(shown, node.HostKeyFingerprint!.TrimEnd('='), StringComparison.Ordinal)
            ? null
            : TransportErrors.HostKeyMismatch(node, shown, node.HostKeyFingerprint);

    private SwarmOpsException? JudgeKnown(KnownHostsFile file, string keyType, byte[] hostKey, string shown) =>
        file.Find(endpoint.Host, endpoint.Port, hostKey) switch
        {
            KnownHostMatch.Match => null,
            KnownHostMatch.Revoked => TransportErrors.HostKeyRevoked(node, shown, file.Path),
            KnownHostMatch.Mismatch => TransportErrors.HostKeyMismatch(node, shown, $"another in {file.Path}"),
            _ when node.HostKeyPolicy != HostKeyPolicy.AcceptNew => TransportErrors.HostKeyUnknown(node, shown, file.Path),
            _ => file.TryAdd(endpoint.Host, endpoint.Port, keyType, hostKey, out var why)
                ? null
                : TransportErrors.KnownHostsNotWritable(node, file.Path, why),
        };

    /// <summary>An RSA key is one type whatever hash it signs with (RFC 8332).</summary>
    private static string KeyType(string algorithm) => algorithm.StartsWith("rsa-sha2-", StringComparison.Ordinal) ? "ssh-rsa" : algorithm;
}
