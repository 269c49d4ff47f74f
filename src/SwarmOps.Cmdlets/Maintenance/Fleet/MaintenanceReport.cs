using SwarmOps.Swarm.Access;

namespace SwarmOps.Maintenance.Fleet;

/// <summary>A journal as shown to the user.</summary>
internal static class MaintenanceReport
{
    /// <summary>The maintenance; null when there is no journal.</summary>
    public static SwarmMaintenance? Of(SwarmSession swarm, MaintenanceJournal journal)
    {
        if (journal.Definition is not { } definition)
            return null;
        List<SwarmMaintenanceStep> steps =
        [
            .. journal
                .NodeIds.Select(id => Step(swarm.Place(id)!, journal.Of(id)))
                .OrderBy(step => step.ChangedAt ?? DateTime.MaxValue)
                .ThenBy(step => step.Node, StringComparer.Ordinal),
        ];
        return new SwarmMaintenance
        {
            SwarmId = swarm.SwarmId,
            Action = definition.Action,
            Script = definition.Script,
            EngineVersion = definition.EngineVersion,
            StartedAt = definition.StartedAt,
            DoneCount = steps.Count(step => step.State == SwarmMaintenanceState.Done),
            IsComplete = journal.IsComplete,
            Steps = steps,
            Nodes = swarm.Nodes,
        };
    }

    private static SwarmMaintenanceStep Step(SwarmPlace place, JournalEntry entry) =>
        new()
        {
            Node = place.Name,
            Region = place.Region,
            State = entry.State,
            Detail = entry.Detail.Length > 0 ? entry.Detail : null,
            ChangedAt = entry.At == default ? null : entry.At,
        };
}
