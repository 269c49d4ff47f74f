using System.Net;
using System.Net.Sockets;

namespace SwarmOps.Nodes;

/// <summary>Errors in the description of a node (docs/errors/nodes.md).</summary>
internal static class NodeErrors
{
    public static SwarmOpsException NodeAddressMissing(string? name) =>
        new(
            ErrorKind.InvalidArgument,
            $"The node {Quoted(name)} has neither an address nor a DockerHost, so SwarmOps cannot connect to it.",
            "Specify -PublicAddress (an address or a host name), or -DockerHost ssh://user@address.",
            name
        );

    public static SwarmOpsException NodeNameInvalid(string name, string why) =>
        new(
            ErrorKind.InvalidArgument,
            $"The node name {Quoted(name)} is invalid: {why}.",
            "Specify a name of up to 253 characters without wildcards and control characters, such as web-eu-1.",
            name
        );

    public static SwarmOpsException RegionInvalid(string node) =>
        new(ErrorKind.InvalidArgument, NotALabel(nameof(SwarmNode.Region), node), SpecifyAWord(nameof(SwarmNode.Region)), node);

    public static SwarmOpsException ZoneInvalid(string node) =>
        new(ErrorKind.InvalidArgument, NotALabel(nameof(SwarmNode.Zone), node), SpecifyAWord(nameof(SwarmNode.Zone)), node);

    public static SwarmOpsException AddressInvalid(string node, string parameter, string text, string why) =>
        new(
            ErrorKind.InvalidArgument,
            $"The {parameter} '{text}' of '{node}' is not an address: {why}.",
            $"Specify -{parameter} as an IPv4 or IPv6 address{(parameter == nameof(SwarmNode.PrivateAddress) ? "" : " or a host name")}, without user, port or mask.",
            node
        );

    public static SwarmOpsException AddressNotResolvable(string node, string parameter, string name, SocketException? cause) =>
        new(
            ErrorKind.NotFound,
            $"The {parameter} '{name}' of '{node}' does not resolve to an address{(cause is null ? "" : $": {cause.Message}")}.",
            $"Check the name and this machine's DNS, or specify -{parameter} as an address.",
            node,
            cause
        );

    public static SwarmOpsException AddressResolutionTimedOut(string node, string parameter, string name, TimeSpan timeout) =>
        new(
            ErrorKind.Timeout,
            $"This machine's DNS did not resolve the {parameter} '{name}' of '{node}' within {timeout.TotalSeconds:0} s.",
            $"Check this machine's DNS, or specify a longer -ConnectionTimeoutSeconds, or -{parameter} as an address.",
            node
        );

    public static SwarmOpsException AddressNotUsable(string node, string parameter, string text, IPAddress address, AddressKind kind)
    {
        return kind switch
        {
            AddressKind.Unspecified => Error(
                "AddressIsUnspecified",
                ErrorKind.InvalidArgument,
                "the unspecified address, which identifies no host"
            ),
            AddressKind.Loopback => Error(
                "AddressIsLoopback",
                ErrorKind.InvalidArgument,
                "a loopback address, by which a host reaches only itself"
            ),
            AddressKind.LinkLocal => Error(
                "AddressIsLinkLocal",
                ErrorKind.InvalidArgument,
                "a link-local address, which cannot be reached from other networks"
            ),
            AddressKind.Multicast => Error(
                "AddressIsMulticast",
                ErrorKind.InvalidArgument,
                "a multicast address, which identifies no host"
            ),
            AddressKind.Broadcast => Error(
                "AddressIsBroadcast",
                ErrorKind.InvalidArgument,
                "the broadcast address, which identifies no host"
            ),
            _ => Error("AddressIsReserved", ErrorKind.InvalidArgument, "a reserved address, which no host can have"),
        };

        SwarmOpsException Error(string errorId, ErrorKind errorKind, string what) =>
            new(
                errorId,
                errorKind,
                $"The {parameter} '{text}' of '{node}' is {Describe(address, text)}{what}.",
                $"Specify -{parameter} as the address by which the other nodes reach this one: the public address behind NAT, the private one within a private network.",
                node
            );
    }

    public static SwarmOpsException UserInvalid(string node, string user) =>
        new(
            ErrorKind.InvalidArgument,
            $"The user '{user}' of '{node}' is not a valid SSH user name.",
            "Specify -User as a plain login name such as root, admin or ubuntu; pass passwords with -Credential.",
            node
        );

    public static SwarmOpsException SshPortInvalid(string node, string port) =>
        new(
            ErrorKind.InvalidArgument,
            $"The port '{port}' of '{node}' is not a valid TCP port.",
            "Specify -Port as a number from 1 to 65535; the default SSH port is 22.",
            node
        );

    public static SwarmOpsException HostKeyPolicyInvalid(string node, string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"The host key policy '{text}' of '{node}' is invalid.",
            "Specify -HostKeyPolicy as Strict (reject unknown keys) or AcceptNew (record unknown keys).",
            node
        );

    public static SwarmOpsException HostKeyFingerprintInvalid(string node, string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"The host key fingerprint '{text}' of '{node}' is not a SHA-256 fingerprint in OpenSSH's form.",
            "Read the fingerprint on the machine with ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub: SHA256: and 43 characters.",
            node
        );

    public static SwarmOpsException KeyFileIsPublicKey(string node, string path) =>
        new(
            ErrorKind.InvalidArgument,
            $"The key file '{path}' of '{node}' contains a public key.",
            "Specify the private key file with -KeyFilePath: the one without .pub.",
            node
        );

    public static SwarmOpsException KnownHostsPathInvalid(string node, string path) =>
        new(
            ErrorKind.InvalidArgument,
            $"The known_hosts path '{path}' of '{node}' is a folder.",
            "Specify a file with -KnownHostsPath, such as ~/.ssh/known_hosts.",
            node
        );

    public static SwarmOpsException CertificatePathNotFound(string node, string path, string missing) =>
        new(
            ErrorKind.NotFound,
            $"The certificates of '{node}' were not found: '{path}' has no {missing}.",
            "Specify with -CertificatePath the folder that contains ca.pem, cert.pem and key.pem, as for DOCKER_CERT_PATH.",
            node
        );

    public static SwarmOpsException PathInvalid(string parameter, string path, Exception cause) =>
        new(
            ErrorKind.InvalidArgument,
            $"The {parameter} '{path}' is not a file system path: {cause.Message}",
            $"Specify -{parameter} as the path of a file or folder on this machine.",
            path,
            cause
        );

    public static SwarmOpsException AddressPoolInvalid(string pool, string why) =>
        new(
            ErrorKind.InvalidArgument,
            $"The address pool '{pool}' is invalid: {why}.",
            "Specify subnets such as 10.20.0.0/16 with -AddressPool.",
            pool
        );

    public static SwarmOpsException SubnetSizeInvalid(string pool, int size) =>
        new(
            ErrorKind.InvalidArgument,
            $"The address pool {pool} cannot be divided into /{size} subnets.",
            "Specify a longer prefix with -SubnetSize, or a larger pool.",
            pool
        );

    private static string NotALabel(string parameter, string node) =>
        $"The {parameter} of '{node}' contains a control character or is longer than 253 characters, so it cannot be a swarm label.";

    private static string SpecifyAWord(string parameter) => $"Specify -{parameter} as a short word such as eu-central-1.";

    private static string Quoted(string? name) => string.IsNullOrEmpty(name) ? "without a name" : $"'{name}'";

    private static string Describe(IPAddress address, string text) => address.ToString() == text ? "" : $"{address}: ";
}
