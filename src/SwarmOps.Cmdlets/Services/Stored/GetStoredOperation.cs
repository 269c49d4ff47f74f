using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Stored;

/// <summary>Reads the secrets or configs of a swarm.</summary>
internal static class GetStoredOperation
{
    /// <summary>Writes the selected items to the pipeline, or all if no name is specified; of each name the newest version, or all versions.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SwarmSession"/> and the transport.</exception>
    public static async Task RunAsync(IOperationContext context, StoredKind kind, IReadOnlyList<SwarmNode> nodes, IReadOnlyList<NameFilter> names, bool allVersions, int throttleLimit)
    {
        var swarm = await SwarmSession.OpenAsync(context, nodes, throttleLimit).ConfigureAwait(false);
        var manager = swarm.View.Manager;
        var using_ = StoredItems.UsersAsync(manager, kind, context.CancellationToken);
        var all = await StoredItems.ListAsync(manager, kind, context.CancellationToken).ConfigureAwait(false);
        var users = await using_.ConfigureAwait(false);
        foreach (var missing in names.Where(name => !name.IsPattern && !all.Any(item => name.Matches(item.Name))))
            context.WriteError(StoredErrors.StoredNotFound(kind, missing.Text, swarm.View.SwarmId));
        var described = swarm.Observations.Select(swarm.Describe).ToList();
        var wanted = all
            .Where(item => names.Count == 0 || names.Any(name => name.Matches(item.Name)))
            .GroupBy(item => item.Name, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group => allVersions ? group.OrderBy(item => item.Version).AsEnumerable() : [group.MaxBy(item => item.Version)!]);
        foreach (var item in wanted)
            context.WriteObject(item.Describe(swarm.View.SwarmId, [.. users[item.Id]], described));
    }
}
