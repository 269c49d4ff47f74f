using SwarmOps.Transport;

namespace SwarmOps.Nodes.Installation;

/// <summary>Errors of installing an engine, each with its id and recommended action (docs/errors/nodes.md).</summary>
internal static class InstallationErrors
{
    public static SwarmOpsException OperatingSystemNotSupported(SwarmNode node, string name) =>
        new(
            ErrorKind.InvalidState,
            $"'{node.Name}' runs {name}: Install-SwarmEngine supports Debian and Ubuntu only.",
            "Install an engine (20.10 or later) with the package manager of that system; all other cmdlets then work with the node.",
            node
        );

    public static SwarmOpsException RootRequired(SwarmNode node, string user) =>
        new(
            ErrorKind.Permission,
            $"The SSH user '{user}' of '{node.Name}' is not root and cannot use sudo without a password.",
            "Connect as root (New-SwarmNode -User root), or allow the user sudo without a password on the node.",
            node
        );

    public static SwarmOpsException PackageInstallationFailed(SwarmNode node, CommandResult result) =>
        new(
            ErrorKind.InvalidState,
            $"apt failed on '{node.Name}' with exit code {result.ExitCode}: {LastLines(result)}",
            "Fix the problem that apt reports (package sources, disk or network of the node), then run the same command again.",
            node
        );

    public static SwarmOpsException RepositoryKeyNotFetched(SwarmNode node, CommandResult result) =>
        new(
            ErrorKind.Connection,
            $"'{node.Name}' could not download the key of Docker's repository from download.docker.com: {LastLines(result)}",
            "Allow the node to connect to https://download.docker.com, or install the distribution's engine: Install-SwarmEngine -Source Distribution.",
            node
        );

    public static SwarmOpsException RepositoryKeyMismatch(SwarmNode node) =>
        new(
            ErrorKind.Security,
            $"The key of Docker's repository that '{node.Name}' downloaded does not have the published fingerprint {InstallationScript.DockerKeyFingerprint}. Nothing was installed.",
            "The connection to download.docker.com may be intercepted: check it, or install the distribution's engine: Install-SwarmEngine -Source Distribution.",
            node
        );

    public static SwarmOpsException EngineStartFailed(SwarmNode node, string why, Exception? cause) =>
        new(
            ErrorKind.Timeout,
            $"The engine of '{node.Name}' is installed but did not answer: {why}",
            "Check the engine's log on the node (journalctl -u docker), fix the reported problem, then run the same command again.",
            node,
            cause
        );

    /// <summary>The last lines of a command's output, in which apt reports the error.</summary>
    public static string LastLines(CommandResult result)
    {
        const int count = 5;
        var lines = $"{result.Output}\n{result.Error}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "(no output)" : Masking.Text(string.Join(" | ", lines.TakeLast(count)));
    }
}
