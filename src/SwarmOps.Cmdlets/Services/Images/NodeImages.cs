using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Docker.DotNet;
using SwarmOps.Nodes;
using SwarmOps.Transport;

namespace SwarmOps.Services.Images;

/// <summary>The images of one node's engine.</summary>
/// <param name="node">The node.</param>
internal sealed class NodeImages(NodeObservation node)
{
    private const string DefaultRoot = "/var/lib/docker";

    private readonly INodeConnection connection = node.Connection;

    /// <summary>Whether the engine keeps its images in containerd's store.</summary>
    public bool HasContainerdStore { get; } = node.Info.DriverStatus?.Any(pair => pair is [_, "io.containerd.snapshotter.v1", ..]) is true;

    /// <summary>The images that the engine has.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlyList<EngineImage>> ListAsync(CancellationToken cancellationToken)
    {
        var listed = await connection
            .AskJsonAsync(api => api.GetAsync("/images/json", cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return
        [
            .. (listed as JsonArray ?? []).OfType<JsonNode>().Select(EngineImage.From).OrderBy(image => image.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>Ids of the images that containers were made of, running or not.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<IReadOnlySet<string>> InUseAsync(CancellationToken cancellationToken)
    {
        var containers = await new EngineContainers(connection)
            .ListAsync(new Dictionary<string, IEnumerable<string>>(), all: true, cancellationToken)
            .ConfigureAwait(false);
        return containers.Select(container => (string?)container["ImageID"] ?? "").ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What the engine says of an image; null when it has none of this name.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<JsonNode?> InspectAsync(string nameOrId, CancellationToken cancellationToken)
    {
        try
        {
            return await connection
                .AskJsonAsync(api => api.GetAsync($"/images/{nameOrId}/json", cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
    }

    /// <summary>What identifies an image; null when the engine has none of this name.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<ImageFacts?> FactsAsync(string nameOrId, CancellationToken cancellationToken) =>
        await InspectAsync(nameOrId, cancellationToken).ConfigureAwait(false) is { } json
            ? ImageFacts.From(json, HasContainerdStore)
            : null;

    /// <summary>When the engine got an image, or last gave it a name, by the node's clock, UTC; when it was built if that is later.</summary>
    /// <param name="image">The image.</param>
    /// <param name="details">What the engine says of it.</param>
    public static DateTime ArrivedAt(EngineImage image, JsonNode details) =>
        ImageFacts.Time(details["Metadata"]?["LastTagTime"]) is var tagged && tagged > image.CreatedAt ? tagged : image.CreatedAt;

    /// <summary>
    /// Whether no registry is known to have an image that has a name. With containerd's store each image has a digest, a loaded one too; engine 29 says which were pulled.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="details">What the engine says of it.</param>
    public bool IsLocal(EngineImage image, JsonNode details) =>
        image.Tags.Count > 0
        && (HasContainerdStore ? details["Identity"]?["Pull"] is not JsonArray { Count: > 0 } : image.Digests.Count == 0);

    /// <summary>Takes one image's names away and so removes it, unless it has <see cref="EngineImage.OtherTags"/>. Nothing is forced: what a container uses stays, as does what got another name in the meantime.</summary>
    /// <returns>Why it is still there; null when it is gone.</returns>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public async Task<string?> RemoveAsync(EngineImage image, CancellationToken cancellationToken)
    {
        foreach (var name in image.Tags.Concat(image.Digests))
        {
            if (await DeleteAsync(name, cancellationToken).ConfigureAwait(false) is { } refusal)
                return refusal;
        }

        if (image.OtherTags.Count > 0 || await InspectAsync(image.Id, cancellationToken).ConfigureAwait(false) is not { } left)
            return null;
        return EngineImage.Names(left["RepoTags"]) is [var other, ..]
            ? $"it is called {other} now"
            : await DeleteAsync(image.Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Bytes that are free on the disk with the engine's directory; null when that cannot be seen, as over TCP.</summary>
    public async Task<long?> FreeBytesAsync(CancellationToken cancellationToken)
    {
        var root = node.Info.DockerRootDir is { Length: > 0 } given ? given : DefaultRoot;
        try
        {
            var answer = await connection
                .RunAsync(new NodeCommand($"df -P -k -- {ShellCommand.Quote(root)} | awk 'NR == 2 {{ print $4 }}'"), cancellationToken)
                .ConfigureAwait(false);
            return long.TryParse(answer.Output.Trim(), CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes * 1024 : null;
        }
        catch (SwarmOpsException)
        {
            return null;
        }
    }

    /// <summary>Deletes an image by a name or id; one that does not exist is what was asked for.</summary>
    private async Task<string?> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await connection
                .AskJsonAsync(
                    async api =>
                    {
                        await api.DeleteAsync($"/images/{name}", cancellationToken).ConfigureAwait(false);
                        return true;
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            return null;
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.NotFound })
        {
            return null;
        }
        catch (SwarmOpsException error) when (error.InnerException is DockerApiException { StatusCode: HttpStatusCode.Conflict } api)
        {
            return TransportErrors.MessageOf(api);
        }
    }
}
