using System.Collections.Concurrent;

namespace SwarmOps.Transport;

/// <summary>
/// What pipelines left open, for the next one of the same session: at the prompt and in a script one line follows another, and to open SSH connections to thirty nodes takes
/// longer than to ask them. By runspace, as the pools are.
/// </summary>
internal static class KeptNodes
{
    /// <summary>How long they are kept: time to type the next line.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private static readonly ConcurrentDictionary<Key, OpenNode> Nodes = new();

    /// <summary>Keeps one for a while.</summary>
    public static void Keep(Key key, OpenNode node)
    {
        if (Nodes.TryAdd(key, node))
            _ = ExpireAsync(key, node);
        else
            _ = node.DisposeAsync().AsTask();
    }

    /// <summary>Hands one over; null when there is none.</summary>
    public static OpenNode? Take(Key key) => Nodes.TryRemove(key, out var node) ? node : null;

    /// <summary>Closes those of a session.</summary>
    public static Task CloseAsync(Guid runspace) =>
        Task.WhenAll(Nodes.Where(kept => kept.Key.Runspace == runspace).Select(kept => CloseAsync(kept.Key, kept.Value)));

    private static async Task ExpireAsync(Key key, OpenNode node)
    {
        await Task.Delay(Period).ConfigureAwait(false);
        await CloseAsync(key, node).ConfigureAwait(false);
    }

    private static async Task CloseAsync(Key key, OpenNode node)
    {
        if (Nodes.TryRemove(new(key, node)))
            await node.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Who may take it over: the same session, for the same node by the same name, with the same way, host key and credential.</summary>
    internal sealed record Key(Guid Runspace, ConnectionKey Connection, string Name, TimeSpan ConnectTimeout);
}
