namespace SwarmOps.Aws.Provision;

/// <summary>
/// Updates the security groups as nodes get their addresses: once for all nodes that get them together, and again for later ones, so that a slow region
/// does not delay the others.
/// </summary>
/// <param name="nodes">How many nodes will either enter or withdraw.</param>
/// <param name="patience">How long the first waiting node waits for the others.</param>
/// <param name="open">Makes the rules match the nodes that have an address; returns the regions where they do.</param>
internal sealed class FirewallGate(int nodes, TimeSpan patience, Func<Task<IReadOnlySet<string>>> open)
{
    private readonly object gate = new();
    private readonly List<TaskCompletionSource<IReadOnlySet<string>>> waiting = [];
    private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int outstanding = nodes;
    private bool running;

    /// <summary>Waits until the rules include a node that has its address.</summary>
    /// <returns>The regions whose groups are up to date.</returns>
    public Task<IReadOnlySet<string>> PassAsync()
    {
        var ticket = new TaskCompletionSource<IReadOnlySet<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Add(ticket);
            Leave();
            if (!running)
            {
                running = true;
                _ = Task.Run(ServeAsync);
            }
        }

        return ticket.Task;
    }

    /// <summary>Withdraws a node that failed.</summary>
    public void Withdraw()
    {
        lock (gate)
            Leave();
    }

    private void Leave()
    {
        if (--outstanding == 0)
            complete.TrySetResult();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            await Task.WhenAny(complete.Task, Task.Delay(patience)).ConfigureAwait(false);
            List<TaskCompletionSource<IReadOnlySet<string>>> served;
            lock (gate)
            {
                served = [.. waiting];
                waiting.Clear();
                if (served.Count == 0)
                {
                    running = false;
                    return;
                }
            }

            await ServeAsync(served).ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(List<TaskCompletionSource<IReadOnlySet<string>>> served)
    {
        try
        {
            var regions = await open().ConfigureAwait(false);
            served.ForEach(ticket => ticket.TrySetResult(regions));
        }
        catch (Exception exception)
        {
            served.ForEach(ticket => ticket.TrySetException(exception));
        }
    }
}
