namespace SwarmOps.Services;

/// <summary>The errors of services and their tasks, each with its id and the next step (docs/errors/services.md).</summary>
internal static partial class ServiceErrors
{
    public static SwarmOpsException ServiceNameInvalid(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is not a valid service name.",
            "Use 1 to 63 letters, digits, '-' and '_'; the first and the last character must be a letter or a digit.",
            name
        );

    public static SwarmOpsException ServiceModeFixed(string name, SwarmServiceMode present, SwarmServiceMode wanted) =>
        new(
            ErrorKind.InvalidState,
            $"The service '{name}' has the mode {present}, and the mode of a service cannot be changed (requested: {wanted}).",
            $"Remove it first (Remove-SwarmService -Name {name}), or omit -Mode.",
            name
        );

    public static SwarmOpsException ReplicasWithoutReplication(string name, SwarmServiceMode mode) =>
        new(
            ErrorKind.InvalidArgument,
            $"The service '{name}' has the mode {mode}: it runs one task on every eligible node, and -Replicas does not apply.",
            "Omit -Replicas, or use -Mode Replicated.",
            name
        );

    public static SwarmOpsException MaxConcurrentWithoutJob(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"-MaxConcurrent applies to replicated jobs only, and '{name}' is not one.",
            "Omit -MaxConcurrent, or use -Mode ReplicatedJob.",
            name
        );

    public static SwarmOpsException JobCannotRestartAlways(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is a job: its tasks run to completion and cannot be restarted after every exit.",
            "Use -RestartCondition OnFailure or None.",
            name
        );

    public static SwarmOpsException JobHasNoUpdatePolicy(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{name}' is a job: it is run again rather than updated, and engines accept no update or rollback policy for it.",
            "Omit the -Update... and -Rollback... parameters.",
            name
        );

    public static SwarmOpsException ImageNameInvalid(string text) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{text}' is not a valid image name.",
            "Write it as registry:port/path/name:tag, in lower case; registry and tag are optional.",
            text
        );

    public static SwarmOpsException ImageMissing(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"The service '{name}' does not exist, and a new service needs an image.",
            "Specify -Image, or copy an existing service with -Like.",
            name
        );

    public static SwarmOpsException ServiceLabelInvalid(string key) =>
        new(
            ErrorKind.InvalidArgument,
            $"'{key}' is not a valid name of a service label.",
            "Specify a hashtable of names and values, such as @{ stage = 'test' }; a name must not be empty or contain '='.",
            key
        );

    public static SwarmOpsException LogOptionWithoutDriver() =>
        new(ErrorKind.InvalidArgument, "-LogOption was specified without -LogDriver.", "Specify -LogDriver, too.", null);

    public static SwarmOpsException MountOwnerUnused() =>
        new(
            ErrorKind.InvalidArgument,
            "-MountOwner and -MountMode apply to the directories that -CreateMountPath creates, and -CreateMountPath was not specified. Nothing was changed.",
            "Add -CreateMountPath, or omit -MountOwner and -MountMode.",
            null
        );

    public static SwarmOpsException HealthCheckConflict(string name) =>
        new(
            ErrorKind.InvalidArgument,
            $"For '{name}' the health check is both disabled and configured.",
            "Specify either -NoHealthCheck or the other -Health... parameters.",
            name
        );

    public static SwarmOpsException DockerConfigNotReadable(string path, string why) =>
        new(
            ErrorKind.NotFound,
            $"The Docker config file '{path}' cannot be read: {why}.",
            "Specify the path of a config.json with -DockerConfigPath, or use -RegistryCredential.",
            path
        );

    public static SwarmOpsException DockerConfigHasNoCredential(string path, string registry) =>
        new(
            ErrorKind.Authentication,
            $"The Docker config file '{path}' contains no credential for {registry}, and no credential helper that it names has one.",
            $"Run docker login {registry}, which writes one into the file, or use -RegistryCredential.",
            path
        );

    public static SwarmOpsException CredentialHelperFailed(string program, string why) =>
        new(
            ErrorKind.Authentication,
            $"The Docker config file refers to the credential helper {program}, which failed: {why}.",
            $"Try it by hand (echo <registry> | {program} get), or use -RegistryCredential.",
            program
        );

    public static SwarmOpsException RegistryLoginRefused(string image, string why) =>
        new(
            ErrorKind.Authentication,
            $"The registry of '{image}' rejected the specified credential ({why}). Nothing was changed.",
            "Correct -RegistryCredential, or run docker login again for -DockerConfigPath. A valid credential may lack permission to pull this image.",
            image
        );

    public static SwarmOpsException RegistryNotAnswering(string image, string why) =>
        new(
            ErrorKind.Connection,
            $"The login for the registry of '{image}' could not be tried, so no service was given it: {why.TrimEnd('.')}.",
            "Check that a manager reaches the registry and that the image exists there, then run the same command again. Services keep their present logins.",
            image
        );

    public static SwarmOpsException RegistriesSeveral(IReadOnlyList<string> registries) =>
        new(
            ErrorKind.InvalidArgument,
            $"The services use several registries, and one user name and password is for one of them: {string.Join(", ", registries)}. Nothing was changed.",
            "Specify with -Registry the one that the credential is for, or use -DockerConfigPath.",
            null
        );

    public static SwarmOpsException ServiceUpdating(string name, string state) =>
        new(
            ErrorKind.InvalidState,
            $"The service '{name}' is being updated ({state}), and a new login would begin the update anew. Its login was not renewed.",
            $"Wait until the update has ended (Wait-SwarmService -Name {name}), then run the same command again.",
            name
        );

    public static SwarmOpsException ImageNotOnNode(SwarmNode node, string image, string why) =>
        new(
            ErrorKind.NotFound,
            $"'{node.Name}' does not have the image '{image}' and cannot pull it: {why}.",
            "Check the image's name and that this node reaches its registry; a private image needs -RegistryCredential or -DockerConfigPath. If the node has no access to a registry, load the image there with docker load.",
            node
        );

    public static SwarmOpsException ServiceNotFound(string name, string swarmId) =>
        new(ErrorKind.NotFound, $"The swarm {swarmId} has no service '{name}'.", "List the services with $nodes | Get-SwarmService.", name);

    public static SwarmOpsException TaskNotFound(string name, string swarmId) =>
        new(
            ErrorKind.NotFound,
            $"The swarm {swarmId} has no task of the service '{name}'.",
            "List the tasks with $nodes | Get-SwarmTask.",
            name
        );

    public static SwarmOpsException ServiceRefused(string name, string words) =>
        new(
            ErrorKind.Engine,
            $"The swarm rejected the service '{name}': {words}",
            "Fix the reported problem, then run the same command again.",
            name
        );

    public static SwarmOpsException ServicePortTaken(string name, string words) =>
        new(
            ErrorKind.AlreadyExists,
            $"A published port of the service '{name}' is already in use on the routing mesh: {words}",
            "Publish another port, or remove the service that uses it.",
            name
        );

    public static SwarmOpsException ServiceChangedMeanwhile(string name) =>
        new(
            ErrorKind.InvalidState,
            $"The service '{name}' was repeatedly changed by someone else during the update.",
            "Find out who else is changing it, then run the same command again.",
            name
        );

    public static SwarmOpsException ServiceNotConverged(string name, string state, IReadOnlyList<string> problems, string advice) =>
        new(ErrorKind.Timeout, $"The service '{name}' {state}: {string.Join("; ", problems)}.", advice, name);

    public static SwarmOpsException ServiceUpdateFailed(string name, string state, string message, IReadOnlyList<string> problems) =>
        new(
            ErrorKind.InvalidState,
            $"The update of the service '{name}' ended in the state '{state}' ({message}): {string.Join("; ", problems)}.",
            $"Check the tasks with Get-SwarmTask -Service {name} -All, fix the reported problem, then run the same command again.",
            name
        );

    public static SwarmOpsException ServiceNotGone(string name, IReadOnlyList<string> containers) =>
        new(
            ErrorKind.Timeout,
            $"The service '{name}' was removed, but tasks of it are still running on: {string.Join(", ", containers)}.",
            "Check those nodes; they may be down or unreachable.",
            name
        );
}
