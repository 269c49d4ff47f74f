using SwarmOps.Transport;

namespace SwarmOps.Pipeline;

/// <summary>Opens the connections to nodes as they arrive, so that the first question to each finds one; the last node may arrive much later.</summary>
/// <param name="limit">How many are opened at the same time; the others are opened when they are used.</param>
internal sealed class EarlyConnections(int limit)
{
    private int opening;

    /// <summary>Begins to open the connection to a node. Whoever uses it later gets its error.</summary>
    public void Begin(IOperationContext context, SwarmNode node) =>
        // Nobody waits for it here; whoever does later joins its round trips.
        _ = CallChain.BesideAsync(() => OpenAsync(context, node), static _ => false);

    private async Task<bool> OpenAsync(IOperationContext context, SwarmNode node)
    {
        try
        {
            if (Interlocked.Increment(ref opening) <= limit)
                await context.Connection(node).GetEngineAsync(context.CancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is SwarmOpsException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref opening);
        }
    }
}
