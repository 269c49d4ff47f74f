using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Folders.State;

/// <summary>Writes the shared folders of a swarm to the pipeline.</summary>
internal sealed class GetFolderOperation(IOperationContext context, GetFolderRequest request)
{
    /// <summary>Runs the operation.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task RunAsync()
    {
        var swarm = await SwarmSession
            .OpenAsync(context, request.Nodes, request.ThrottleLimit, ServiceReader.Patience)
            .ConfigureAwait(false);
        var reader = new FolderReader(swarm, request.ThrottleLimit);
        var folders = await reader.ServicesAsync().ConfigureAwait(false);
        var chosen = request.Names.Choose(
            context,
            [.. folders],
            folder => folder.Key,
            name => FolderErrors.FolderNotFound(name, swarm.SwarmId)
        );
        foreach (var folder in chosen.OrderBy(folder => folder.Key, StringComparer.Ordinal))
            context.WriteObject(await reader.ReadAsync(folder.Key, [.. folder]).ConfigureAwait(false));
    }
}
