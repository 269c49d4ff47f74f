using System.Text.Json.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Services.Specification;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Services;

/// <summary>Creates the directories that a service mounts on the nodes. Existing ones are not changed.</summary>
/// <param name="swarm">The swarm.</param>
/// <param name="options">Owner and mode of the created directories.</param>
/// <param name="throttleLimit">How many nodes are processed at the same time.</param>
internal sealed class MountPaths(SwarmSession swarm, MountPathOptions options, int throttleLimit)
{
    /// <summary>Which nodes of the node set; null for all.</summary>
    public Func<SwarmNode, bool>? IsOn { get; init; }

    /// <summary>Creates missing directories on every node.</summary>
    /// <exception cref="SwarmOpsException"><c>MountPathMissing</c>.</exception>
    public async Task MakeAsync(string service, JsonObject spec)
    {
        var paths = (spec["TaskTemplate"]?["ContainerSpec"]?["Mounts"] as JsonArray ?? [])
            .OfType<JsonNode>()
            .Where(mount => (string?)mount["Type"] == "bind")
            .Select(mount => (string?)mount["Source"] ?? "")
            .Distinct()
            .ToList();
        if (paths.Count == 0)
            return;
        var failed = new List<string>();
        await NodeSet
            .ForEachAsync(
                swarm.Context,
                [.. swarm.Nodes.Where(node => IsOn?.Invoke(node) is not false)],
                throttleLimit,
                async node =>
                {
                    var result = await swarm
                        .Context.Connection(node)
                        .RunAsync(new NodeCommand(Script(paths)) { AsRoot = true }, swarm.Context.CancellationToken)
                        .ConfigureAwait(false);
                    if (!result.Succeeded)
                    {
                        lock (failed)
                            failed.Add($"{node.Name}: {result.Error.Trim()}");
                    }

                    foreach (var made in result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                        swarm.Context.WriteVerbose($"{node.Name}: created {made}");
                    return node;
                }
            )
            .ConfigureAwait(false);
        if (failed.Count > 0)
            throw ServiceErrors.MountPathMissing(service, failed);
    }

    private string Script(IEnumerable<string> paths)
    {
        // A file or socket is a valid source of a bind mount, too.
        var lines = paths
            .Select(path => ShellCommand.Quote(path))
            .Select(path =>
                $"[ -e {path} ] || {{ mkdir -p -- {path} && chown {ShellCommand.Quote(options.Owner)} -- {path} && chmod {options.Mode} -- {path} && echo {path}; }} || exit 1"
            );
        return string.Join('\n', lines);
    }
}
