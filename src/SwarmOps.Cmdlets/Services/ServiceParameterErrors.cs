using SwarmOps.Services.Specification;

namespace SwarmOps.Services;

/// <summary>The errors of service parameters, each with its id and the next step (docs/errors/services.md).</summary>
internal static partial class ServiceErrors
{
    public static SwarmOpsException PublishedPortInvalid(string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is not a valid published port.",
            "Use published:target, with /udp if needed: '8080:80', '53:53/udp'. -PublishHost also accepts 80 as short for 80:80.",
            text
        );

    public static SwarmOpsException PortOutOfRange(string text, int port) =>
        new(
            ErrorKind.InvalidArgument,
            $"The port {port} in '{text}' is not between 1 and 65535.",
            "Specify a port between 1 and 65535.",
            text
        );

    public static SwarmOpsException PortProtocolUnknown(string text, string protocol) =>
        new(ErrorKind.InvalidArgument, $"The protocol '{protocol}' in '{text}' cannot be published.", "Use tcp, udp or sctp.", text);

    public static SwarmOpsException PortPublishedTwice(string port) =>
        new(ErrorKind.InvalidArgument, $"The port {port} is published more than once.", "Publish each port once.", port);

    public static SwarmOpsException IngressNeedsVip(string name, PublishedPort port) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' has the endpoint mode dnsrr, and the routing mesh needs a virtual IP address: {port.Published}:{port.Target} cannot be published there.",
            $"Publish it on each host (-PublishHost {port.Published}:{port.Target}), or use -EndpointMode Vip.",
            port
        );

    public static SwarmOpsException MountInvalid(string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is not a valid mount.",
            "Use /path/on/host:/path or volume:/path, with :ro for a read-only mount.",
            text
        );

    public static SwarmOpsException MountSourceInvalid(string text, string source) =>
        new(
            ErrorKind.InvalidArgument,
            $"The source '{source}' of the mount '{text}' is neither an absolute path nor a volume name.",
            "Use an absolute path on the nodes without '..', or a volume name of letters, digits, '_', '.' and '-'.",
            text
        );

    public static SwarmOpsException MountTargetInvalid(string text, string target) =>
        new(
            ErrorKind.InvalidArgument,
            $"The target '{target}' of the mount '{text}' is not a valid path in a container.",
            "Use an absolute path below /, without '..'.",
            text
        );

    public static SwarmOpsException MountTargetTwice(string target) =>
        new(ErrorKind.InvalidArgument, $"More than one mount has the target '{target}'.", "Use a different target for each.", target);

    public static SwarmOpsException MountOptionUnknown(string text, string option) =>
        new(
            ErrorKind.InvalidArgument,
            $"The option '{option}' of the mount '{text}' is unknown.",
            "Use ro or rw; with -Tmpfs use size= and mode=.",
            text
        );

    public static SwarmOpsException TmpfsOptionInvalid(string text, string option) =>
        new(
            ErrorKind.InvalidArgument,
            $"The option '{option}' of the tmpfs mount '{text}' has an invalid value.",
            "Use the form /path:size=64m:mode=1777.",
            text
        );

    public static SwarmOpsException MountPathMissing(string name, IReadOnlyList<string> missing) =>
        new(
            ErrorKind.InvalidState,
            $"Directories that '{name}' mounts could not be created: {string.Join("; ", missing)}.",
            "Fix the reported problem, or create the directories on the nodes by hand, then run the same command again.",
            name
        );

    public static SwarmOpsException MountOwnerInvalid(string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is not a valid owner.",
            "Use numeric ids such as 999:999, or names that exist on every node.",
            text
        );

    public static SwarmOpsException MountModeInvalid(string text) =>
        new(ErrorKind.InvalidArgument, $"'{text}' is not a valid mode.", "Specify it in octal, such as 0750.", text);

    public static SwarmOpsException NetworkInvalid(string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is not a valid network.",
            "Specify its name, followed by aliases after colons: 'internal' or 'internal:db:master'.",
            text
        );

    public static SwarmOpsException NetworkGivenTwice(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"The network '{name}' is specified more than once.",
            $"Specify it once, with all aliases: '{name}:a:b'.",
            name
        );

    public static SwarmOpsException NetworkNotFound(string name, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"The swarm {swarmId} has no network '{name}'.",
            $"Create it first: $nodes | New-EncryptedOverlay -Name {name}.",
            name
        );

    public static SwarmOpsException NetworkNotForServices(string name, string driver) =>
        new(
            ErrorKind.InvalidArgument,
            $"The network '{name}' ({driver}) is local to a node; a service needs a network with swarm scope.",
            "Create an overlay network with New-EncryptedOverlay.",
            name
        );

    public static SwarmOpsException NetworkIsIngress(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is the network of the routing mesh; services use it by publishing ports.",
            "Publish the port with -Publish instead.",
            name
        );

    public static SwarmOpsException FileReferenceInvalid(string kind, string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is not a valid reference to a {kind}.",
            "Specify a name, 'name:target', or a hashtable such as @{ Source = 'name'; Target = 'file'; Uid = 999; Gid = 999; Mode = '0400' }.",
            text
        );

    public static SwarmOpsException FileReferenceKeyUnknown(string kind, string key) =>
        new(
            ErrorKind.InvalidArgument,
            $"The hashtable of a {kind} has the unknown key '{key}'.",
            "Use Source, Target, Uid, Gid and Mode.",
            key
        );

    public static SwarmOpsException FileModeInvalid(string kind, string name, string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"The mode '{text}' of the {kind} '{name}' is not an octal number.",
            "Specify it as a string: Mode = '0400'.",
            name
        );

    public static SwarmOpsException FileOwnerInvalid(string kind, string name, string key, string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"{key} '{text}' of the {kind} '{name}' is not a number.",
            "Specify the numeric id of the user or group in the container.",
            name
        );

    public static SwarmOpsException FileTargetInvalid(string kind, string name, string target) =>
        new(
            ErrorKind.InvalidArgument,
            $"The {kind} '{name}' has the invalid target '{target}'.",
            "Specify a file name or path without '..' and without a trailing slash.",
            name
        );

    public static SwarmOpsException FileTargetTwice(string kind, string target) =>
        new(ErrorKind.InvalidArgument, $"More than one {kind} has the target '{target}'.", "Use a different target for each.", target);

    public static SwarmOpsException ConstraintInvalid(string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is not a valid placement constraint.",
            "Use key==value or key!=value, such as node.labels.region==eu-central-1.",
            text
        );

    public static SwarmOpsException ConstraintKeyUnknown(string text, string key) =>
        new(
            ErrorKind.InvalidArgument,
            $"No node would meet the constraint '{text}': the scheduler does not know the key '{key}'.",
            "Use node.id, node.hostname, node.ip, node.role, node.platform.os, node.platform.arch, node.labels.<name> or engine.labels.<name>.",
            text
        );

    public static SwarmOpsException SpreadInvalid(string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"Tasks cannot be spread over '{text}'.",
            "Specify the name of a node label, such as region, or engine.labels.<name>.",
            text
        );

    public static SwarmOpsException EnvironmentNameInvalid(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is not a valid name of an environment variable.",
            "Specify -Environment as a hashtable of names and values; a name must not be empty or contain '='.",
            name
        );

    public static SwarmOpsException EnvFileNotReadable(string path, Exception cause) =>
        new(
            ErrorKind.NotFound,
            $"The environment file '{path}' cannot be read: {cause.Message}",
            "Specify the path of a local file with -EnvFile.",
            path,
            innerException: cause
        );

    public static SwarmOpsException EnvFileLineInvalid(string path, int line) =>
        new(ErrorKind.InvalidData, $"Line {line} of '{path}' is not a valid environment variable.", "Use NAME=value, one per line.", path);

    public static SwarmOpsException ReservationAboveLimit(string what) =>
        new(
            ErrorKind.InvalidArgument,
            $"The {what} reservation exceeds the {what} limit.",
            "Raise the limit or lower the reservation.",
            what
        );

    public static SwarmOpsException MemoryTooSmall(long bytes) =>
        new(
            ErrorKind.InvalidArgument,
            $"A memory limit of {bytes} bytes is too low for a container.",
            "Specify a size such as 64MB; the minimum is 6MB.",
            bytes
        );

    public static SwarmOpsException CapabilityInvalid(string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is not a valid capability.",
            "Use the form NET_ADMIN or CAP_NET_ADMIN; ALL means all capabilities.",
            text
        );

    public static SwarmOpsException HostEntryInvalid(string text) =>
        new(ErrorKind.InvalidArgument, $"'{text}' is not a valid entry for /etc/hosts.", "Use name:address, such as db:10.20.0.5.", text);
}
