using SwarmOps.Galera;
using SwarmOps.Galera.State;
using SwarmOps.Pipeline;
using SwarmOps.Services.Running;
using SwarmOps.Swarm.Access;

namespace SwarmOps.Recovery.Databases;

/// <summary>Chooses the node of each cluster that is backed up: a Synced one, and of those the one that committed least for clients of its own.</summary>
/// <param name="context">The cmdlet's context.</param>
/// <param name="swarm">The swarm.</param>
/// <param name="settings">What is backed up.</param>
internal sealed class SourceChoice(IOperationContext context, SwarmSession swarm, DatabaseSettings settings)
{
    /// <summary>Over this time it is seen which node clients write to.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    private readonly GaleraReader reader = new(swarm, settings.ThrottleLimit, settings.Login);

    /// <summary>Chooses the nodes.</summary>
    /// <exception cref="SwarmOpsException"><c>GaleraNotFound</c>, <c>DatabaseNoNodeToBackUp</c>, the transport's errors.</exception>
    public async Task<IReadOnlyList<DatabaseSource>> ChooseAsync()
    {
        if (settings.Clusters.Count == 0)
            return [];
        var all = await reader.ServicesAsync().ConfigureAwait(false);
        if (settings.Clusters.FirstOrDefault(name => !all.Any(cluster => name.Matches(cluster.Key))) is { } missing)
            throw GaleraErrors.GaleraNotFound(missing.Text, swarm.SwarmId);
        var chosen = new List<DatabaseSource>();
        var wanted = all.Where(cluster => settings.Clusters.Any(name => name.Matches(cluster.Key)));
        foreach (var cluster in wanted.OrderBy(cluster => cluster.Key, StringComparer.Ordinal))
            chosen.Add(await ChooseAsync(cluster.Key, [.. cluster]).ConfigureAwait(false));
        return chosen;
    }

    private async Task<DatabaseSource> ChooseAsync(string cluster, IReadOnlyList<ServiceState> services)
    {
        var places = (await reader.PlacesAsync(services).ConfigureAwait(false)).Where(place => !place.Known.IsArbitrator).ToList();
        var first = await AskAsync(places).ConfigureAwait(false);
        var able = first.Where(node => WhyNot(node.State, node.ContainerId) is null).ToList();
        if (able.Count == 0)
            throw DatabaseErrors.DatabaseNoNodeToBackUp(
                cluster,
                [.. first.Select(node => $"'{node.State.Node}' {WhyNot(node.State, node.ContainerId)}")]
            );
        if (able.Count > 1)
            able = await ByWritesAsync(places, able).ConfigureAwait(false);
        var (state, containerId) = able[0];
        return new DatabaseSource(
            cluster,
            services.First(service => service.Name == state.Service),
            new GaleraSite(state, containerId!),
            swarm.Nodes.First(node => node.Name == state.Node)
        );
    }

    /// <summary>Those that clients write to last.</summary>
    private async Task<List<(GaleraNode State, string? ContainerId)>> ByWritesAsync(
        IReadOnlyList<(GaleraNode Known, string? ContainerId)> places,
        List<(GaleraNode State, string? ContainerId)> able
    )
    {
        await Task.Delay(Window, context.CancellationToken).ConfigureAwait(false);
        var again = await AskAsync([.. places.Where(place => able.Any(node => node.State.Node == place.Known.Node))]).ConfigureAwait(false);
        var still = again.Where(node => WhyNot(node.State, node.ContainerId) is null).ToList();
        return Order(able, still.Count > 0 ? still : able);
    }

    /// <summary>By commits of their own clients between two readings, then since their start.</summary>
    internal static List<(GaleraNode State, string? ContainerId)> Order(
        IReadOnlyList<(GaleraNode State, string? ContainerId)> before,
        IReadOnlyList<(GaleraNode State, string? ContainerId)> after
    ) =>
        [
            .. after
                .OrderBy(node =>
                    (node.State.Commits ?? long.MaxValue)
                    - (before.FirstOrDefault(other => other.State.Node == node.State.Node).State?.Commits ?? 0)
                )
                .ThenBy(node => node.State.Commits ?? long.MaxValue)
                .ThenBy(node => node.State.Node, StringComparer.Ordinal),
        ];

    /// <summary>Why a node cannot be backed up; null when it can.</summary>
    private string? WhyNot(GaleraNode node, string? containerId)
    {
        if (settings.On is { } on && !string.Equals(on, node.Node, StringComparison.OrdinalIgnoreCase))
            return "is not the one of -GaleraNode";
        if (node is not { State: GaleraReport.Synced, ClusterStatus: "Primary" })
            return $"is {node.State}{(node.Error is { Length: > 0 } error ? $" ({error})" : "")}";
        if (containerId is null)
            return "has no container that is known";
        return swarm.Nodes.Any(host => host.Name == node.Node) ? null : "is not in the node set or did not answer";
    }

    private async Task<IReadOnlyList<(GaleraNode State, string? ContainerId)>> AskAsync(
        IReadOnlyList<(GaleraNode Known, string? ContainerId)> places
    ) =>
        await Throttle
            .ForEachAsync(
                places,
                settings.ThrottleLimit,
                async place => (State: await reader.AskAsync(place.Known, place.ContainerId).ConfigureAwait(false), place.ContainerId),
                context.CancellationToken
            )
            .ConfigureAwait(false);
}
