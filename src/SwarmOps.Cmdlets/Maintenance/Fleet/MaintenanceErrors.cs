using System.Globalization;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>Errors of maintaining all nodes of a swarm (docs/errors/maintenance.md).</summary>
internal static class MaintenanceErrors
{
    public static SwarmOpsException MaintenanceScriptMismatch(SwarmMaintenanceAction action) =>
        new(
            ErrorKind.InvalidArgument,
            action == SwarmMaintenanceAction.Script
                ? "The action Script was specified without -Script."
                : $"-Script belongs to the actions Script and Engine, not to {action}.",
            "Specify -Action Script and -Script together.",
            action
        );

    public static SwarmOpsException MaintenanceVersionMismatch(SwarmMaintenanceAction action) =>
        new(
            ErrorKind.InvalidArgument,
            action == SwarmMaintenanceAction.Engine
                ? "-Script installs the engine, and -EngineVersion does not say which release."
                : $"-EngineVersion belongs to the action Engine, not to {action}.",
            "Specify -Action Engine and -EngineVersion together, such as -EngineVersion 28.5.2.",
            action
        );

    public static SwarmOpsException MaintenanceUnfinished(string swarmId, MaintenanceDefinition present) =>
        new(
            ErrorKind.InvalidState,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Another maintenance ({present.Action}{(present.EngineVersion is { } version ? $" {version}" : "")}), begun at {present.StartedAt:u}, is not complete on swarm {swarmId}. Nothing was changed."
            ),
            "See how far it is: Get-SwarmMaintenance. Complete it with its own command, or begin anew with -Restart.",
            swarmId
        );

    public static SwarmOpsException MaintenanceJournalInvalid(string swarmId) =>
        new(
            ErrorKind.InvalidData,
            $"The config '{MaintenanceJournal.Name}' of swarm {swarmId} is not the journal of a maintenance.",
            $"If no maintenance is in progress, remove it on a manager: docker config rm {MaintenanceJournal.Name}.",
            swarmId
        );

    public static SwarmOpsException MaintenanceJournalGone(string swarmId) =>
        new(
            ErrorKind.InvalidState,
            $"The journal of the maintenance, the config '{MaintenanceJournal.Name}' of swarm {swarmId}, was removed by someone else.",
            "Run the same command again: it begins with a new journal.",
            swarmId
        );

    public static SwarmOpsException HostNotPatchable(SwarmNode node) =>
        new(
            ErrorKind.NotInstalled,
            $"'{node.Name}' has no apt-get: the action Patch works on Debian and Ubuntu.",
            "Use -Action Script with the commands of its package manager.",
            node
        );

    public static SwarmOpsException HostDidNotReboot(SwarmNode node, string last, TimeSpan limit) =>
        new(
            ErrorKind.Timeout,
            $"'{node.Name}' did not come back from its reboot within {limit.TotalSeconds:0} s: {last}.",
            $"Check the host's console, then run the same command again. If it is permanently lost: $node | Remove-SwarmNode -Force -Manager $others (node '{node.Name}').",
            node
        );

    public static SwarmOpsException MaintenanceStopped(SwarmNode node, IReadOnlyList<string> left, SwarmOpsException cause) =>
        new(
            ErrorKind.InvalidState,
            $"The maintenance stopped at '{node.Name}': {cause.Message} "
                + (left.Count > 0 ? $"Not begun: {string.Join(", ", left)}." : "It was the last node."),
            $"{cause.RecommendedAction} The same command then continues with '{node.Name}'. To return the node to service without it: $nodes | Resume-SwarmNode -Name {node.Name}.",
            node,
            cause
        );
}
