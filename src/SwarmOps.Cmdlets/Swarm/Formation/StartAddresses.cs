using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmOps.Nodes;
using SwarmOps.Pipeline;
using SwarmOps.Swarm.Access;
using SwarmOps.Transport;

namespace SwarmOps.Swarm.Formation;

/// <summary>The listen and data path addresses of a node's engine. The API does not return them; the engine keeps them in a file (moby, <c>daemon/cluster/noderunner.go</c>).</summary>
internal static class StartAddresses
{
    private const string StateFile = "swarm/docker-state.json";

    /// <summary>The differences between the requested addresses and those of the initializing node. Warns when they cannot be read.</summary>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(
        IOperationContext context,
        SwarmOptions options,
        SwarmNode first,
        NodeObservation? start,
        SwarmView view
    )
    {
        if (options.ListenAddress is null && options.DataPathAddress is null)
            return [];
        if (start is not null && !view.Has(start))
            return [$"ListenAddress and DataPathAddress apply to the node that initializes the swarm, and '{first.Name}' is not in it yet"];
        if (start is null || await ReadAsync(context, start).ConfigureAwait(false) is not { } state)
        {
            context.WriteWarning(
                $"Whether '{first.Name}' uses the addresses of -ListenAddress and -DataPathAddress could not be read from the node. They take effect only when a swarm is initialized, so nothing was changed."
            );
            return [];
        }

        var differences = new List<string>();
        Compare(differences, "ListenAddress", options.ListenAddress, (string?)state["ListenAddr"] ?? "");
        Compare(differences, "DataPathAddress", options.DataPathAddress, (string?)state["DataPathAddr"] ?? "");
        return differences;
    }

    private static void Compare(List<string> differences, string name, string? wanted, string present)
    {
        // The engine has resolved the name of an interface to an address.
        if (wanted is null || ListenEndpoint.TryParse(wanted) is not { } endpoint || endpoint.Equals(ListenEndpoint.TryParse(present)))
            return;
        differences.Add($"{name} is {(present.Length == 0 ? "not set" : present)}, not {wanted}");
    }

    private static async Task<JsonObject?> ReadAsync(IOperationContext context, NodeObservation start)
    {
        var path = $"{start.Info.DockerRootDir ?? "/var/lib/docker"}/{StateFile}";
        try
        {
            var result = await start
                .Connection.RunAsync(new NodeCommand($"cat {ShellCommand.Quote(path)}") { AsRoot = true }, context.CancellationToken)
                .ConfigureAwait(false);
            return result.Succeeded ? JsonNode.Parse(result.Output) as JsonObject : null;
        }
        catch (Exception exception) when (exception is JsonException or SwarmOpsException)
        {
            return null;
        }
    }
}
