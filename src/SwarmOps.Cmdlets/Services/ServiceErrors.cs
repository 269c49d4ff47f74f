namespace SwarmOps.Services;

/// <summary>What can be wrong with services and their tasks, each with its id and the next step (docs/errors/services.md).</summary>
internal static partial class ServiceErrors
{
    public static SwarmOpsException ServiceNameInvalid(string name) => new(
        "ServiceNameInvalid",
        ErrorKind.InvalidArgument,
        $"'{name}' cannot be the name of a service.",
        "Use 1 to 63 letters, digits, '-' and '_'; the first and the last must be a letter or a digit.",
        name);

    public static SwarmOpsException ServiceModeFixed(string name, SwarmServiceMode present, SwarmServiceMode wanted) => new(
        "ServiceModeFixed",
        ErrorKind.InvalidState,
        $"The service '{name}' is {present}; the mode of a service cannot be changed (wanted: {wanted}).",
        $"Remove it first (Remove-SwarmService -Name {name}), or leave -Mode away.",
        name);

    public static SwarmOpsException ReplicasWithoutReplication(string name, SwarmServiceMode mode) => new(
        "ReplicasWithoutReplication",
        ErrorKind.InvalidArgument,
        $"The service '{name}' is {mode}: the number of its tasks is the number of nodes that fit.",
        "Leave -Replicas away, or use -Mode Replicated.",
        name);

    public static SwarmOpsException MaxConcurrentWithoutJob(string name) => new(
        "MaxConcurrentWithoutJob",
        ErrorKind.InvalidArgument,
        $"-MaxConcurrent is for jobs, and '{name}' is none.",
        "Leave it out, or use -Mode ReplicatedJob.",
        name);

    public static SwarmOpsException JobCannotRestartAlways(string name) => new(
        "JobCannotRestartAlways",
        ErrorKind.InvalidArgument,
        $"A job ends; '{name}' cannot start its tasks again whenever they do.",
        "Use -RestartCondition OnFailure or None.",
        name);

    public static SwarmOpsException JobHasNoUpdatePolicy(string name) => new(
        "JobHasNoUpdatePolicy",
        ErrorKind.InvalidArgument,
        $"'{name}' is a job: it is run anew, not updated, and no engine takes an update or rollback policy for it.",
        "Leave the parameters -Update... and -Rollback... away.",
        name);

    public static SwarmOpsException ImageNameInvalid(string text) => new(
        "ImageNameInvalid",
        ErrorKind.InvalidArgument,
        $"'{text}' is not the name of an image.",
        "Write it as registry:port/path/name:tag, in lower case; registry and tag may be left away.",
        text);

    public static SwarmOpsException ImageMissing(string name) => new(
        "ImageMissing",
        ErrorKind.InvalidArgument,
        $"There is no service '{name}' yet, and a new one needs an image.",
        "Give -Image, or -Like an existing service.",
        name);

    public static SwarmOpsException ServiceLabelInvalid(string key) => new(
        "ServiceLabelInvalid",
        ErrorKind.InvalidArgument,
        $"'{key}' cannot be the name of a label of a service.",
        "Give a table of names and values, such as @{ stage = 'test' }; a name is not empty and has no '='.",
        key);

    public static SwarmOpsException LogOptionWithoutDriver() => new(
        "LogOptionWithoutDriver",
        ErrorKind.InvalidArgument,
        "Options of a log driver were given without the driver.",
        "Give -LogDriver too.",
        null);

    public static SwarmOpsException MountOwnerUnused() => new(
        "MountOwnerUnused",
        ErrorKind.InvalidArgument,
        "-MountOwner and -MountMode are for directories that -CreateMountPath makes, and -CreateMountPath was not given. Nothing was changed.",
        "Add -CreateMountPath, or omit -MountOwner and -MountMode.",
        null);

    public static SwarmOpsException HealthCheckConflict(string name) => new(
        "HealthCheckConflict",
        ErrorKind.InvalidArgument,
        $"For '{name}' the health check is switched off and described at the same time.",
        "Give either -NoHealthCheck or the others.",
        name);

    public static SwarmOpsException DockerConfigNotReadable(string path, string why) => new(
        "DockerConfigNotReadable",
        ErrorKind.NotFound,
        $"The Docker config file '{path}' cannot be read: {why}.",
        "Give -DockerConfigPath the path of a config.json, or -RegistryCredential.",
        path);

    public static SwarmOpsException DockerConfigHasNoCredential(string path, string registry) => new(
        "DockerConfigHasNoCredential",
        ErrorKind.Authentication,
        $"The Docker config file '{path}' holds no credential for {registry}, and names no program that has one.",
        $"docker login {registry} writes one into it; or give -RegistryCredential.",
        path);

    public static SwarmOpsException CredentialHelperFailed(string program, string why) => new(
        "CredentialHelperFailed",
        ErrorKind.Authentication,
        $"The Docker config file leaves credentials to {program}, and {why}.",
        $"Try it by hand: echo <registry> | {program} get; or give -RegistryCredential.",
        program);

    public static SwarmOpsException RegistryLoginRefused(string image, string why) => new(
        "RegistryLoginRefused",
        ErrorKind.Authentication,
        $"The registry of '{image}' refuses the credential that was given ({why}); nothing was changed.",
        "Correct -RegistryCredential, or docker login again for -DockerConfigPath. If the credential is good, it may not be allowed to read this image.",
        image);

    public static SwarmOpsException ImageNotOnNode(SwarmNode node, string image, string why) => new(
        "ImageNotOnNode",
        ErrorKind.NotFound,
        $"'{node.Name}' does not have the image '{image}' and cannot get it: {why}.",
        "Check the image's name and that this node reaches its registry; a private one needs -RegistryCredential or -DockerConfigPath. Without a way to a registry, load it there: docker load.",
        node);

    public static SwarmOpsException ServiceNotFound(string name, string swarmId) => new(
        "ServiceNotFound",
        ErrorKind.NotFound,
        $"The swarm {swarmId} has no service '{name}'.",
        "$nodes | Get-SwarmService lists them.",
        name);

    public static SwarmOpsException TaskNotFound(string name, string swarmId) => new(
        "TaskNotFound",
        ErrorKind.NotFound,
        $"The swarm {swarmId} has no task of a service '{name}'.",
        "$nodes | Get-SwarmTask lists them.",
        name);

    public static SwarmOpsException ServiceRefused(string name, string words) => new(
        "ServiceRefused",
        ErrorKind.Engine,
        $"The swarm does not take the service '{name}': {words}",
        "Fix the reported problem and run the same command again.",
        name);

    public static SwarmOpsException ServicePortTaken(string name, string words) => new(
        "ServicePortTaken",
        ErrorKind.AlreadyExists,
        $"A port of the service '{name}' is taken on the routing mesh: {words}",
        "Publish another, or remove the service that has it.",
        name);

    public static SwarmOpsException ServiceChangedMeanwhile(string name) => new(
        "ServiceChangedMeanwhile",
        ErrorKind.InvalidState,
        $"The service '{name}' was changed by others again and again while it was being updated.",
        "Find out who else changes it, and run the same command again.",
        name);

    public static SwarmOpsException ServiceNotConverged(string name, string state, IReadOnlyList<string> problems, string advice) => new(
        "ServiceNotConverged",
        ErrorKind.Timeout,
        $"The service '{name}' {state}: {string.Join("; ", problems)}.",
        advice,
        name);

    public static SwarmOpsException ServiceUpdateFailed(string name, string state, string message, IReadOnlyList<string> problems) => new(
        "ServiceUpdateFailed",
        ErrorKind.InvalidState,
        $"The update of the service '{name}' ended as {state} ({message}): {string.Join("; ", problems)}.",
        $"Fix the reported problem and run the same command again; Get-SwarmTask -Service {name} -All shows what happened.",
        name);

    public static SwarmOpsException ServiceNotGone(string name, IReadOnlyList<string> containers) => new(
        "ServiceNotGone",
        ErrorKind.Timeout,
        $"The service '{name}' is removed, but tasks of it still run: {string.Join(", ", containers)}.",
        "Look at those nodes; they may be down or cut off.",
        name);
}
