using System.Globalization;
using System.Text.Json.Nodes;
using SwarmOps.Completion;
using SwarmOps.Transport;

namespace SwarmOps.Nodes;

/// <summary>Completes the names of images that the nodes have. A registry is not asked.</summary>
public sealed class ImageNameCompleter : NameCompleter
{
    /// <summary>More nodes than this are not asked: each needs a connection, and they hold much the same.</summary>
    private const int MostNodes = 8;

    /// <summary>How the engine lists an image that has lost its name.</summary>
    private const string NoName = "<none>";

    /// <inheritdoc/>
    private protected override IEnumerable<Candidate> Find(CompletionRequest request)
    {
        var atHand = NodesAtHand.Of(request);
        var listed = atHand.Recall("images", token => atHand.AskEachAsync(atHand.Nodes.Take(MostNodes), ListAsync, token)) ?? [];
        return listed
            .SelectMany(images => images)
            .GroupBy(image => image, StringComparer.Ordinal)
            .Select(image => new Candidate(
                image.Key,
                string.Create(CultureInfo.InvariantCulture, $"on {image.Count()} of {listed.Count} nodes")
            ));
    }

    private static async Task<IReadOnlyList<string>> ListAsync(INodeConnection node, CancellationToken cancellationToken)
    {
        var listed = await node.AskJsonAsync(api => api.GetAsync("/images/json", cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        var names = (listed as JsonArray ?? []).SelectMany(image =>
            (image?["RepoTags"] as JsonArray ?? []).Select(tag => (string?)tag ?? "")
        );
        return
        [
            .. names.Where(name => name.Length > 0 && !name.Contains(NoName, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal),
        ];
    }
}
