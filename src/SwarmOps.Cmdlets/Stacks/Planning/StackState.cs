using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using SwarmOps.Services.Running;
using SwarmOps.Services.Stored;
using SwarmOps.Stacks.Specification;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Stacks.Planning;

/// <summary>What a swarm has: all of it, since names and ports of a stack may collide with those of others.</summary>
internal sealed record StackState(
    IReadOnlyList<ServiceState> Services,
    IReadOnlyList<NetworkResponse> Networks,
    IReadOnlyList<StoredItem> Secrets,
    IReadOnlyList<StoredItem> Configs
)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<StackState> ReadAsync(SwarmSession swarm)
    {
        var services = ServiceReader.ListAsync(swarm);
        var networks = swarm.ReadNetworksAsync();
        var secrets = StoredAsync(swarm, StoredKind.Secret);
        var configs = StoredAsync(swarm, StoredKind.Config);
        await Task.WhenAll(services, networks, secrets, configs).ConfigureAwait(false);
        return new StackState(
            await services.ConfigureAwait(false),
            [.. (await networks.ConfigureAwait(false)).Where(network => network.Scope == "swarm")],
            await secrets.ConfigureAwait(false),
            await configs.ConfigureAwait(false)
        );
    }

    /// <summary>All secrets or configs of the swarm.</summary>
    /// <exception cref="SwarmOpsException">The transport's errors.</exception>
    public static async Task<IReadOnlyList<StoredItem>> StoredAsync(SwarmSession swarm, StoredKind kind) =>
        [
            .. (await swarm.GetAsync(kind.Path).ConfigureAwait(false) as JsonArray ?? [])
                .OfType<JsonNode>()
                .Select(json => new StoredItem(kind, json)),
        ];

    /// <summary>The stack that an object with these labels belongs to; null if it belongs to none.</summary>
    public static string? StackOf(IEnumerable<KeyValuePair<string, string>>? labels) =>
        (labels ?? []).FirstOrDefault(label => label.Key == StackNames.StackLabel) is { Key: not null, Value: { Length: > 0 } stack }
            ? stack
            : null;

    /// <summary>The names of all stacks, sorted.</summary>
    public IReadOnlyList<string> Stacks() =>
        [
            .. Services
                .Select(service => StackOf(service.Labels))
                .Concat(Networks.Select(network => StackOf(network.Labels)))
                .Concat(Secrets.Concat(Configs).Select(item => StackOf(item.Labels)))
                .OfType<string>()
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>What belongs to one stack.</summary>
    public StackState Of(string stack) =>
        new(
            [.. Services.Where(service => StackOf(service.Labels) == stack)],
            [.. Networks.Where(network => StackOf(network.Labels) == stack)],
            [.. Secrets.Where(item => StackOf(item.Labels) == stack)],
            [.. Configs.Where(item => StackOf(item.Labels) == stack)]
        );

    public IReadOnlyList<StoredItem> Stored(StoredKind kind) => kind.IsSecret ? Secrets : Configs;
}
