using SwarmOps.Services.Specification;

namespace SwarmOps.Services;

/// <summary>What can be wrong with the parameters of services, each with its id and the next step (docs/errors/services.md).</summary>
internal static partial class ServiceErrors
{
    public static SwarmOpsException PortInvalid(string text) => new(
        "PortInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' is not a published port.",
        "Write published:target, with /udp where needed: '8080:80', '53:53/udp'; -PublishHost takes a bare 80 as 80:80.",
        text);

    public static SwarmOpsException PortOutOfRange(string text, int port) => new(
        "PortOutOfRange",
        ErrorKind.InvalidArgument,
        $"The port {port} in '{text}' is not between 1 and 65535.",
        "Give another.",
        text);

    public static SwarmOpsException PortProtocolUnknown(string text, string protocol) => new(
        "PortProtocolUnknown",
        ErrorKind.InvalidArgument,
        $"The protocol '{protocol}' in '{text}' cannot be published.",
        "Use tcp, udp or sctp.",
        text);

    public static SwarmOpsException PortPublishedTwice(string port) => new(
        "PortPublishedTwice",
        ErrorKind.InvalidArgument,
        $"The port {port} is published twice.",
        "Publish each port once.",
        port);

    public static SwarmOpsException IngressNeedsVip(string name, PublishedPort port) => new(
        "IngressNeedsVip",
        ErrorKind.InvalidArgument,
        $"'{name}' is found by the addresses of its tasks (dnsrr), and the routing mesh needs a virtual address: {port.Published}:{port.Target} cannot be published there.",
        $"Publish it on each host (-PublishHost {port.Published}:{port.Target}), or use -EndpointMode Vip.",
        port);

    public static SwarmOpsException MountInvalid(string text) => new(
        "MountInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' is not a mount.",
        "Write /path/on/host:/path or volume:/path, with :ro to forbid writing.",
        text);

    public static SwarmOpsException MountSourceInvalid(string text, string source) => new(
        "MountSourceInvalid",
        ErrorKind.InvalidArgument,
        $"The source '{source}' of the mount '{text}' is neither an absolute path nor the name of a volume.",
        "Write an absolute path of the nodes, without '..', or a volume's name of letters, digits, '_', '.' and '-'.",
        text);

    public static SwarmOpsException MountTargetInvalid(string text, string target) => new(
        "MountTargetInvalid",
        ErrorKind.InvalidArgument,
        $"The target '{target}' of the mount '{text}' is not a place in a container.",
        "Write an absolute path below /, without '..'.",
        text);

    public static SwarmOpsException MountTargetTwice(string target) => new(
        "MountTargetTwice",
        ErrorKind.InvalidArgument,
        $"Two mounts have the target '{target}'.",
        "Give each its own.",
        target);

    public static SwarmOpsException MountOptionUnknown(string text, string option) => new(
        "MountOptionUnknown",
        ErrorKind.InvalidArgument,
        $"The option '{option}' of the mount '{text}' is not known.",
        "Use ro or rw; for -Tmpfs size= and mode=.",
        text);

    public static SwarmOpsException TmpfsOptionInvalid(string text, string option) => new(
        "TmpfsOptionInvalid",
        ErrorKind.InvalidArgument,
        $"The option '{option}' of the tmpfs '{text}' has no such value.",
        "Write /path:size=64m:mode=1777.",
        text);

    public static SwarmOpsException MountPathMissing(string name, IReadOnlyList<string> missing) => new(
        "MountPathMissing",
        ErrorKind.InvalidState,
        $"Nodes lack directories that '{name}' mounts: {string.Join("; ", missing)}.",
        "Run again with -CreateMountPath, which makes them.",
        name);

    public static SwarmOpsException MountOwnerInvalid(string text) => new(
        "MountOwnerInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' is not an owner.",
        "Write numbers, as 999:999, or names that every node knows.",
        text);

    public static SwarmOpsException MountModeInvalid(string text) => new(
        "MountModeInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' is not a mode.",
        "Write it in octal, as 0750.",
        text);

    public static SwarmOpsException NetworkInvalid(string text) => new(
        "NetworkInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' is not a network.",
        "Write its name, with aliases after a colon: 'internal' or 'internal:db:master'.",
        text);

    public static SwarmOpsException NetworkGivenTwice(string name) => new(
        "NetworkGivenTwice",
        ErrorKind.InvalidArgument,
        $"The network '{name}' is given twice.",
        $"Give it once, with all aliases: '{name}:a:b'.",
        name);

    public static SwarmOpsException NetworkNotFound(string name, string swarmId) => new(
        "NetworkNotFound",
        ErrorKind.NotFound,
        $"The swarm {swarmId} has no network '{name}'.",
        $"Make it first: $nodes | New-EncryptedOverlay -Name {name}.",
        name);

    public static SwarmOpsException NetworkNotForServices(string name, string driver) => new(
        "NetworkNotForServices",
        ErrorKind.InvalidArgument,
        $"The network '{name}' ({driver}) is one node's own; a service needs one of the swarm.",
        "Make an overlay: New-EncryptedOverlay.",
        name);

    public static SwarmOpsException NetworkIsIngress(string name) => new(
        "NetworkIsIngress",
        ErrorKind.InvalidArgument,
        $"'{name}' is the routing mesh; services join it by publishing ports.",
        "Use -Publish.",
        name);

    public static SwarmOpsException FileReferenceInvalid(string kind, string text) => new(
        "FileReferenceInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' names no {kind}.",
        "Give a name, 'name:target', or a table such as @{ Source = 'name'; Target = 'file'; Uid = 999; Gid = 999; Mode = '0400' }.",
        text);

    public static SwarmOpsException FileReferenceKeyUnknown(string kind, string key) => new(
        "FileReferenceKeyUnknown",
        ErrorKind.InvalidArgument,
        $"The table of a {kind} has the unknown entry '{key}'.",
        "Use Source, Target, Uid, Gid and Mode.",
        key);

    public static SwarmOpsException FileModeInvalid(string kind, string name, string text) => new(
        "FileModeInvalid",
        ErrorKind.InvalidArgument,
        $"The mode '{text}' of the {kind} '{name}' is not octal.",
        "Write it as text: Mode = '0400'.",
        name);

    public static SwarmOpsException FileOwnerInvalid(string kind, string name, string key, string text) => new(
        "FileOwnerInvalid",
        ErrorKind.InvalidArgument,
        $"{key} '{text}' of the {kind} '{name}' is not a number.",
        "Give the number that the user or group has in the container.",
        name);

    public static SwarmOpsException FileTargetInvalid(string kind, string name, string target) => new(
        "FileTargetInvalid",
        ErrorKind.InvalidArgument,
        $"The {kind} '{name}' cannot be the file '{target}'.",
        "Give a file name or path without '..' and without a slash at its end.",
        name);

    public static SwarmOpsException FileTargetTwice(string kind, string target) => new(
        "FileTargetTwice",
        ErrorKind.InvalidArgument,
        $"Two {kind}s have the target '{target}'.",
        "Give each its own.",
        target);

    public static SwarmOpsException ConstraintInvalid(string text) => new(
        "ConstraintInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' is not a placement constraint.",
        "Write key==value or key!=value: node.labels.region==eu-central-1.",
        text);

    public static SwarmOpsException ConstraintKeyUnknown(string text, string key) => new(
        "ConstraintKeyUnknown",
        ErrorKind.InvalidArgument,
        $"The constraint '{text}' would fit no node: a scheduler does not know '{key}'.",
        "Use node.id, node.hostname, node.ip, node.role, node.platform.os, node.platform.arch, node.labels.<name> or engine.labels.<name>.",
        text);

    public static SwarmOpsException SpreadInvalid(string text) => new(
        "SpreadInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' is nothing to spread over.",
        "Give the name of a node label (region), or engine.labels.<name>.",
        text);

    public static SwarmOpsException EnvironmentNameInvalid(string name) => new(
        "EnvironmentNameInvalid",
        ErrorKind.InvalidArgument,
        $"'{name}' cannot be the name of a variable.",
        "Give -Environment a table of names and values; a name is not empty and has no '='.",
        name);

    public static SwarmOpsException EnvFileNotReadable(string path, Exception cause) => new(
        "EnvFileNotReadable",
        ErrorKind.NotFound,
        $"The file of variables '{path}' cannot be read: {cause.Message}",
        "Give -EnvFile the path of a file of this machine.",
        path, innerException: cause);

    public static SwarmOpsException EnvFileLineInvalid(string path, int line) => new(
        "EnvFileLineInvalid",
        ErrorKind.InvalidData,
        $"Line {line} of '{path}' is not a variable.",
        "Write NAME=value, one a line.",
        path);

    public static SwarmOpsException ReservationAboveLimit(string what) => new(
        "ReservationAboveLimit",
        ErrorKind.InvalidArgument,
        $"More {what} is reserved than the limit allows.",
        "Give a limit that is not below the reservation.",
        what);

    public static SwarmOpsException MemoryTooSmall(long bytes) => new(
        "MemoryTooSmall",
        ErrorKind.InvalidArgument,
        $"A limit of {bytes} bytes is too little for a container.",
        "Give bytes, such as 64MB; 6MB is the least.",
        bytes);

    public static SwarmOpsException CapabilityInvalid(string text) => new(
        "CapabilityInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' is not a capability.",
        "Write it as NET_ADMIN or CAP_NET_ADMIN; ALL is all.",
        text);

    public static SwarmOpsException HostEntryInvalid(string text) => new(
        "HostEntryInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' is not an entry for /etc/hosts.",
        "Write name:address, such as db:10.20.0.5.",
        text);
}
