using System.Text.Json.Nodes;
using SwarmOps.Transport;

namespace SwarmOps.Galera;

/// <summary>Short-lived containers on one node, without network, that are removed after use.</summary>
/// <param name="connection">The node.</param>
internal sealed class OneOffContainer(INodeConnection connection)
{
    /// <summary>Time limit for removing a container, even after Ctrl+C.</summary>
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(10);

    private readonly EngineContainers containers = new(connection);

    /// <summary>The containers with a label.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task<IReadOnlyList<JsonNode>> ListAsync(string label, CancellationToken cancellationToken) =>
        containers.ListAsync(new Dictionary<string, IEnumerable<string>> { ["label"] = [label] }, all: true, cancellationToken);

    /// <summary>Creates a container that runs the start script.</summary>
    /// <param name="image">Its image, which the node has.</param>
    /// <param name="label">Label that identifies it.</param>
    /// <param name="environment">Variables, as <c>NAME=value</c>.</param>
    /// <param name="arguments">Arguments of the script.</param>
    /// <param name="directory">A directory of the host to mount as the data directory; null for none. It must exist.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task<string> CreateAsync(
        string image,
        string label,
        IEnumerable<string> environment,
        IEnumerable<string> arguments,
        string? directory,
        CancellationToken cancellationToken
    )
    {
        var host = new JsonObject
        {
            ["NetworkMode"] = "none",
            ["LogConfig"] = new JsonObject { ["Type"] = "json-file" },
        };
        if (directory is not null)
            host["Mounts"] = new JsonArray(
                new JsonObject
                {
                    ["Type"] = "bind",
                    ["Source"] = directory,
                    ["Target"] = GaleraNames.DataTarget,
                }
            );
        var name = label.Split('=', 2);
        var body = new JsonObject
        {
            ["Image"] = image,
            ["Entrypoint"] = new JsonArray("bash", "-c", GaleraScript.Start.Text, GaleraScript.Start.Name),
            ["Cmd"] = new JsonArray([.. arguments.Select(argument => (JsonNode)argument)]),
            ["Env"] = new JsonArray([.. environment.Select(variable => (JsonNode)variable)]),
            ["User"] = "0",
            ["Labels"] = new JsonObject { [name[0]] = name.Length > 1 ? name[1] : "yes" },
            ["NetworkDisabled"] = true,
            ["HostConfig"] = host,
        };
        return containers.CreateAsync(body, name: null, cancellationToken);
    }

    /// <summary>Starts a container.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task StartAsync(string id, CancellationToken cancellationToken) => containers.StartAsync(id, cancellationToken);

    /// <summary>A container's exit code; null while it runs.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<int?> ExitCodeAsync(string id, CancellationToken cancellationToken)
    {
        var seen = await containers.InspectAsync(id, cancellationToken).ConfigureAwait(false);
        return (bool?)seen["State"]?["Running"] is true ? null : (int?)seen["State"]?["ExitCode"] ?? 0;
    }

    /// <summary>The last line of a container's log.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public Task<string> LastLineAsync(string id, CancellationToken cancellationToken) => containers.LastLineAsync(id, cancellationToken);

    /// <summary>Removes a container; if that fails, it can be found by its label.</summary>
    public async Task RemoveAsync(string id)
    {
        using var limit = new CancellationTokenSource(RemovalLimit);
        try
        {
            await containers.RemoveAsync(id, limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is SwarmOpsException or OperationCanceledException)
        {
            // It exits by itself, and the next run on this node removes it.
        }
    }
}
