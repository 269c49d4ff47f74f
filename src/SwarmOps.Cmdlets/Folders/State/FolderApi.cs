using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmOps.Transport;

namespace SwarmOps.Folders.State;

/// <summary>Syncthing's API in one container. It listens on the container's loopback address only, so it is asked by a program that runs in the container.</summary>
/// <param name="connection">The node.</param>
/// <param name="containerId">The container.</param>
internal sealed class FolderApi(INodeConnection connection, string containerId)
{
    private const char Separator = '\u001e';

    /// <summary>Asks several questions at once.</summary>
    /// <param name="paths">The paths of the requests.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The answers in this order; null for a question that was not answered.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<JsonNode?>> GetAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var output = await ContainerExec
            .RunAsync(connection, containerId, FolderScript.Api.Command(paths), cancellationToken)
            .ConfigureAwait(false);
        var answers = output.Split(Separator);
        return [.. paths.Select((_, index) => index < answers.Length ? Parse(answers[index]) : null)];
    }

    /// <summary>The first conflict files, relative to the folder.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<string>> ConflictsAsync(int most, CancellationToken cancellationToken)
    {
        var output = await ContainerExec
            .RunAsync(connection, containerId, FolderScript.Conflicts.Command([$"{most}"]), cancellationToken)
            .ConfigureAwait(false);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return string.IsNullOrWhiteSpace(text) ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
