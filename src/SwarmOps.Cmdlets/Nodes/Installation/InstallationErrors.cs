using SwarmOps.Transport;

namespace SwarmOps.Nodes.Installation;

/// <summary>What can keep an engine from being installed, each with its id and the next step (docs/errors/nodes.md).</summary>
internal static class InstallationErrors
{
    public static SwarmOpsException OperatingSystemNotSupported(SwarmNode node, string name) => new(
        "OperatingSystemNotSupported",
        ErrorKind.InvalidState,
        $"'{node.Name}' runs {name}: engines are installed on Debian and Ubuntu only.",
        "Install an engine (20.10 or later) on it by the means of its system; every other cmdlet then works with it.",
        node);

    public static SwarmOpsException RootRequired(SwarmNode node, string user) => new(
        "RootRequired",
        ErrorKind.Permission,
        $"The SSH user '{user}' of '{node.Name}' is not root and may not use sudo without a password.",
        "Connect as root (New-SwarmNode -User root), or allow the user sudo without a password on the node.",
        node);

    public static SwarmOpsException PackageInstallationFailed(SwarmNode node, CommandResult result) => new(
        "PackageInstallationFailed",
        ErrorKind.InvalidState,
        $"apt failed on '{node.Name}' with exit code {result.ExitCode}: {LastLines(result)}",
        "Fix what apt names on the node (its package sources, its disk, its network) and run the same command again.",
        node);

    public static SwarmOpsException RepositoryKeyNotFetched(SwarmNode node, CommandResult result) => new(
        "RepositoryKeyNotFetched",
        ErrorKind.Connection,
        $"'{node.Name}' cannot fetch the key of Docker's repository from download.docker.com: {LastLines(result)}",
        "Let the node reach https://download.docker.com, or install the distribution's engine: Install-SwarmEngine -Source Distribution.",
        node);

    public static SwarmOpsException RepositoryKeyMismatch(SwarmNode node) => new(
        "RepositoryKeyMismatch",
        ErrorKind.Security,
        $"What '{node.Name}' was given as the key of Docker's repository does not have the published fingerprint {InstallationScript.DockerKeyFingerprint}. Nothing was installed.",
        "Someone may be between the node and download.docker.com: look into it, or install the distribution's engine: Install-SwarmEngine -Source Distribution.",
        node);

    public static SwarmOpsException EngineStartFailed(SwarmNode node, string why, Exception? cause) => new(
        "EngineStartFailed",
        ErrorKind.Timeout,
        $"The engine of '{node.Name}' is installed but does not answer: {why}",
        "Look at the engine's log on the node (journalctl -u docker), fix what it names, and run the same command again.",
        node,
        cause);

    /// <summary>The end of what a command said: apt names the trouble in its last lines.</summary>
    public static string LastLines(CommandResult result)
    {
        const int count = 5;
        var lines = $"{result.Output}\n{result.Error}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "(it said nothing)" : Masking.Text(string.Join(" | ", lines.TakeLast(count)));
    }
}
