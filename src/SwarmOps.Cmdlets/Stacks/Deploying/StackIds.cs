using System.Text.Json.Nodes;
using SwarmOps.Stacks.Planning;

namespace SwarmOps.Stacks.Deploying;

/// <summary>The ids of what the services of a stack refer to, by name.</summary>
internal sealed record StackIds(
    IReadOnlyDictionary<string, string> Networks,
    IReadOnlyDictionary<string, string> Secrets,
    IReadOnlyDictionary<string, string> Configs
)
{
    /// <summary>A service's document with ids.</summary>
    /// <param name="named">The document with names.</param>
    /// <param name="now">The service as it is; null if it does not exist.</param>
    public JsonObject Fill(JsonObject named, JsonObject? now) => NamedSpec.WithIds(named, Networks, Secrets, Configs, now);
}
