using SwarmOps.Pipeline;

namespace SwarmOps.Aws.Api;

/// <summary>Pauses for polling something that takes minutes: increasing, so that polling does not exhaust EC2's rate limits.</summary>
internal sealed class Pauses(Deadline deadline, CancellationToken cancellationToken)
{
    private TimeSpan next = TimeSpan.FromSeconds(1);

    /// <summary>The first pause.</summary>
    public TimeSpan First
    {
        init => next = value;
    }

    /// <summary>The longest pause.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>By how much each pause is longer than the one before.</summary>
    public double Growth { get; init; } = 1.3;

    /// <summary>Waits for the next pause.</summary>
    /// <returns>False, immediately, if the time limit is reached.</returns>
    public async Task<bool> NextAsync()
    {
        if (!deadline.LeavesTimeFor(next))
            return false;
        await Task.Delay(next, cancellationToken).ConfigureAwait(false);
        next = next * Growth < Longest ? next * Growth : Longest;
        return true;
    }
}
