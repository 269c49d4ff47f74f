using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Services.Stored;

/// <summary>Reads the secrets or configs of a swarm.</summary>
internal sealed class GetStoredOperation(IOperationContext context, GetStoredRequest request)
{
    /// <summary>Writes the selected items to the pipeline, or all if no name is specified; of each name the newest version, or all versions.</summary>
    /// <exception cref="SwarmOpsException">Those of <see cref="SwarmSession"/> and the transport.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession.OpenAsync(context, request.Nodes, request.ThrottleLimit).ConfigureAwait(false);
        var manager = swarm.View.Manager;
        var using_ = StoredItems.UsersAsync(manager, request.Kind, context.CancellationToken);
        var all = await StoredItems.ListAsync(manager, request.Kind, context.CancellationToken).ConfigureAwait(false);
        var users = await using_.ConfigureAwait(false);
        var wanted = request
            .Names.Choose(context, all, item => item.Name, name => StoredErrors.StoredNotFound(request.Kind, name, swarm.View.SwarmId))
            .GroupBy(item => item.Name, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group =>
                request.AllVersions ? group.OrderBy(item => item.Version).AsEnumerable() : [group.MaxBy(item => item.Version)!]
            );
        var described = swarm.Observations.Select(swarm.Describe).ToList();
        foreach (var item in wanted)
            context.WriteObject(item.Describe(swarm.View.SwarmId, [.. users[item.Id]], described));
    }
}
