namespace SwarmOps;

/// <summary>
/// A machine that is, or can become, a node of a swarm: how to connect to it, and what the swarm last reported about it.
/// Immutable, without secrets, and rebuilt from its own export by <c>New-SwarmNode</c>.
/// </summary>
public sealed record SwarmNode
{
    /// <summary>The name that messages and tables use; unique in a node set.</summary>
    public string Name { get; init; } = "";

    /// <summary>A free label for where the node is, such as <c>eu-central-1</c>; becomes the swarm label <c>region</c>.</summary>
    public string? Region { get; init; }

    /// <summary>A free label for the failure domain within the region; becomes the swarm label <c>zone</c>.</summary>
    public string? Zone { get; init; }

    /// <summary>The IPv4 or IPv6 address by which other regions reach the node.</summary>
    public string? PublicAddress { get; init; }

    /// <summary>The node's own IPv4 or IPv6 address, which differs from the public one behind NAT.</summary>
    public string? PrivateAddress { get; init; }

    /// <summary>The IPv4 or IPv6 address that the node advertises to the swarm; every other node must be able to reach it.</summary>
    public string? AdvertiseAddress { get; init; }

    /// <summary>The engine's endpoint as in <c>DOCKER_HOST</c>: <c>ssh://user@host:port</c>, <c>unix:///path</c>, <c>npipe://./pipe/name</c> or <c>tcp://host:port</c>.</summary>
    public string? DockerHost { get; init; }

    /// <summary>Path of the SSH private key file (OpenSSH or PEM format).</summary>
    public string? KeyFilePath { get; init; }

    /// <summary>The pinned SSH host key in OpenSSH's form, <c>SHA256:</c> and unpadded base64; takes precedence over the known_hosts file.</summary>
    public string? HostKeyFingerprint { get; init; }

    /// <summary>Path of the known_hosts file (OpenSSH format); null means the user's own.</summary>
    public string? KnownHostsPath { get; init; }

    /// <summary>What to do with an unknown SSH host key.</summary>
    public HostKeyPolicy HostKeyPolicy { get; init; }

    /// <summary>Folder with <c>ca.pem</c>, <c>cert.pem</c> and <c>key.pem</c> for a <c>tcp://</c> endpoint, as in <c>DOCKER_CERT_PATH</c>.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The cloud's id of the machine, such as <c>i-0123456789abcdef0</c>.</summary>
    public string? InstanceId { get; init; }

    /// <summary>Id of the swarm that the node is a member of, or that the node set is about to join; null before there is one.</summary>
    public string? SwarmId { get; init; }

    /// <summary>The node's id in that swarm; null until it is a verified member.</summary>
    public string? NodeId { get; init; }

    /// <summary>The host name that the node's engine reports.</summary>
    public string? Hostname { get; init; }

    /// <summary>The node's role in its swarm; null before it is a member.</summary>
    public SwarmNodeRole? Role { get; init; }

    /// <summary>Whether the scheduler may place tasks on the node.</summary>
    public SwarmNodeAvailability? Availability { get; init; }

    /// <summary>State of the node according to the swarm's dispatcher.</summary>
    public SwarmNodeState? State { get; init; }

    /// <summary>Reachability of a manager according to the leader; null for a worker.</summary>
    public SwarmManagerReachability? Reachability { get; init; }

    /// <summary>Whether the node is the swarm's raft leader.</summary>
    public bool IsLeader { get; init; }

    /// <summary>Address and port by which the other managers reach this manager (Docker's <c>ManagerStatus.Addr</c>); null for a worker.</summary>
    public string? ManagerAddress { get; init; }

    /// <summary>The engine's version, such as <c>26.1.5</c>.</summary>
    public string? EngineVersion { get; init; }

    /// <summary>The node's swarm labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Kept in this process only: internal, so that no export contains it.</summary>
    internal NodeCredential? Credential { get; init; }

    /// <summary>The name, with the region unless the name contains it.</summary>
    public override string ToString() => Region is null || Name.Contains(Region, StringComparison.Ordinal) ? Name : $"{Name} ({Region})";
}
