namespace SwarmOps.Aws.Provision;

/// <summary>
/// Opens the firewall for nodes as they get their addresses: once for all where they come together, and again for late ones, so that a region that is slow
/// does not hold up the others.
/// </summary>
/// <param name="nodes">How many nodes will come or withdraw.</param>
/// <param name="patience">How long the first one that waits is let wait for the others.</param>
/// <param name="open">Makes the rules equal to the nodes that have an address now; gives the regions where that is so.</param>
internal sealed class FirewallGate(int nodes, TimeSpan patience, Func<Task<IReadOnlySet<string>>> open)
{
    private readonly object gate = new();
    private readonly List<TaskCompletionSource<IReadOnlySet<string>>> waiting = [];
    private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int outstanding = nodes;
    private bool running;

    /// <summary>A node that has its address waits here until the firewall knows it.</summary>
    /// <returns>The regions whose groups are as they should be.</returns>
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

    /// <summary>A node that will not come.</summary>
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
