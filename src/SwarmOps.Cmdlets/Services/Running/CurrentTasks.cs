namespace SwarmOps.Services.Running;

/// <summary>The current tasks of a service, one for each slot or node.</summary>
internal static class CurrentTasks
{
    /// <summary>Selects them: the tasks of a job's current run; else those that the swarm wants, and the last one of a slot or node where it starts none any more.</summary>
    /// <param name="service">The service.</param>
    /// <param name="tasks">Its tasks, newest first.</param>
    public static IReadOnlyList<TaskState> Of(ServiceState service, IEnumerable<TaskState> tasks)
    {
        var places = tasks.GroupBy(task => task.Place);
        if (service.IsJob)
            return [.. Chosen(places, task => task.JobIteration == service.JobIteration)];
        if (!service.MayComplete)
            return [.. Chosen(places, task => task.IsWanted)];
        // A task that ended for good is no longer wanted: it is the newest of its slot or node. Surplus slots and nodes are left out, oldest first.
        var last = places
            .Select(place => place.FirstOrDefault(task => task.IsWanted) ?? place.First())
            .Where(task => task.IsWanted || task.IsComplete || (task.HasFailed && task.State != "orphaned"))
            .OrderByDescending(task => task.IsWanted)
            .ThenByDescending(task => task.IsMadeFrom(service.Template))
            .ThenBy(task => task.Slot);
        return [.. (service.Mode == SwarmServiceMode.Global ? last : last.Take(service.DesiredCount)).OrderBy(task => task.Slot)];
    }

    private static IEnumerable<TaskState> Chosen(IEnumerable<IGrouping<string, TaskState>> places, Func<TaskState, bool> counts) =>
        places.Select(place => place.FirstOrDefault(counts)).OfType<TaskState>().OrderBy(task => task.Slot);
}
