using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmOps.GeoDns.Definition;

namespace SwarmOps.GeoDns.State;

/// <summary>A name server's view of the edge nodes, as <c>gdnsdctl states</c> tells it.</summary>
/// <param name="Up">Whether each address is healthy, whatever was forced.</param>
/// <param name="Forced">What is forced out: keys of regions and nodes.</param>
internal sealed record ServerHealth(IReadOnlyDictionary<string, bool> Up, IReadOnlySet<string> Forced)
{
    /// <summary>gdnsd marks a forced state so.</summary>
    private const string ForcedDown = "DOWN!";

    /// <summary>Whether a node is healthy; null when the server does not monitor it.</summary>
    public bool? IsUp(string address) => Up.TryGetValue(address, out var up) ? up : null;

    /// <summary>Whether the server answers with a node, as far as its own state goes.</summary>
    public bool Answers(GeoDnsRegion region, GeoDnsEdgeNode node) =>
        IsUp(node.Address) is true
        && !Forced.Contains(GdnsdFiles.RegionKey(region.Name))
        && !Forced.Contains(GdnsdFiles.NodeKey(node.Address));

    /// <summary>Reads the report; null when it is none.</summary>
    public static ServerHealth? Parse(string report)
    {
        JsonObject? states;
        try
        {
            states = JsonNode.Parse(report) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }

        if (states is null)
            return null;
        var suffix = GdnsdFiles.NodeKey("");
        return new ServerHealth(
            states
                .Where(state => state.Key.EndsWith(suffix, StringComparison.Ordinal))
                .ToDictionary(state => state.Key[..^suffix.Length], state => (string?)state.Value?["real_state"] == "UP"),
            states.Where(state => (string?)state.Value?["state"] == ForcedDown).Select(state => state.Key).ToHashSet(StringComparer.Ordinal)
        );
    }
}
